-- Third part of the script: adds to counts by bucket, of which neighbours lie in one field (see count-blocks.ts of the contracts): a sign for the
-- first bucket that there is, one for how many digits each number has, and the numbers.
local BUCKETS, BASE, ZERO, MOST_DIGITS, HEAD = 32, 64, 48, 9, 2
local byte, char = string.byte, string.char

-- The signs of a stored block. Nothing of what is stored may end the script here, half of a batch behind it.
local function read_block(stored)
  local length = stored and #stored or 0
  if length <= HEAD or length > HEAD + BUCKETS * MOST_DIGITS then return end
  local signs = { byte(stored, 1, -1) }
  local offset, width = signs[1] - ZERO, signs[2] - ZERO
  if offset < 0 or width < 1 or width > MOST_DIGITS then return end
  local count = (length - HEAD) / width
  if count % 1 == 0 and offset + count <= BUCKETS then return signs, offset, width end
end

-- With numbers of no calls in front of the others, from another bucket on.
local function begin_at(first, signs, zeros)
  local longer = { ZERO + first, signs[2] }
  for i = HEAD + 1, HEAD + zeros do longer[i] = ZERO end
  for i = HEAD + 1, #signs do longer[zeros + i] = signs[i] end
  return longer
end

-- Each number gets one more digit in front.
local function widen(signs, width)
  local wider, n = { signs[1], ZERO + width + 1 }, HEAD
  for from = HEAD + 1, #signs, width do
    n = n + 1
    wider[n] = ZERO
    for at = from, from + width - 1 do
      n = n + 1
      wider[n] = signs[at]
    end
  end
  return wider, width + 1
end

-- In the given places: to which bucket of the block, from 0, and how much.
local function add_to_block(stored, from, to)
  local values = values
  local signs, offset, width = read_block(stored)
  if not signs then
    offset, width = values[from], 1
    signs = { ZERO + offset, ZERO + 1 }
  end
  for at = from, to, 2 do
    local index, rest = values[at], values[at + 1]
    if index < offset then
      signs, offset = begin_at(index, signs, (offset - index) * width), index
    end
    index = index - offset
    local before = HEAD + index * width
    local place = before + width
    for i = #signs + 1, place do signs[i] = ZERO end
    while rest > 0 do
      if place == before then
        signs, width = widen(signs, width)
        before = HEAD + index * width
        place = before + 1
      end
      local sum = signs[place] - ZERO + rest
      if sum < BASE then
        signs[place], rest = ZERO + sum, 0
      else
        signs[place], rest = ZERO + sum % BASE, floor(sum / BASE)
        place = place - 1
      end
    end
  end
  return char(unpack(signs))
end
