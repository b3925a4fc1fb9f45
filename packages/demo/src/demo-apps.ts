import type { DemoAppName } from '@llm-monitor/contracts/bus';

/** A kind of call that an app makes. */
export interface CallKind {
  operation: 'generate' | 'chat' | 'embed';
  models: readonly string[];
  stream: boolean;
  /** Tokens of an answer, from – to. */
  tokens: readonly [number, number];
  thinking?: boolean;
  prompts: readonly string[];
}

/** One of the programs that the demo plays. */
export interface DemoApp {
  name: DemoAppName;
  /** How many calls it makes at once. */
  workers: number;
  /** Pause between two calls of a worker in ms, from – to. */
  pauseMs: readonly [number, number];
  kinds: readonly CallKind[];
}

/** The three programs of a trading agent. `{symbol}` and `{number}` are filled in. */
export const DEMO_APPS: readonly DemoApp[] = [
  {
    name: 'background',
    workers: 1,
    pauseMs: [800, 4000],
    kinds: [
      {
        operation: 'generate',
        models: ['phi3:latest', 'llama3.2:3b'],
        stream: true,
        tokens: [8, 40],
        prompts: [
          'Classify this headline as bullish, bearish or neutral for {symbol}: "Supplier warns of {number} % fewer orders next quarter"',
          'Summarise in one sentence what moved {symbol} in the last {number} minutes.',
          'Is this order book imbalance of {number} % on {symbol} worth a closer look? Answer yes or no, then why.',
        ],
      },
      {
        operation: 'embed',
        models: ['nomic-embed-text:latest'],
        stream: false,
        tokens: [0, 0],
        prompts: ['{symbol} filing, section {number}: risks of the supply chain and of currency'],
      },
    ],
  },
  {
    name: 'generator',
    workers: 2,
    pauseMs: [1500, 6000],
    kinds: [
      {
        operation: 'chat',
        models: ['llama3.1:8b', 'mistral:latest'],
        stream: true,
        tokens: [120, 420],
        prompts: [
          'Propose a mean-reversion strategy for {symbol} on {number}-minute candles. Give entry, exit and position size as JSON.',
          'Write the trading thesis for {symbol} after an earnings surprise of {number} %, with three risks.',
          'Given RSI {number}, falling volume and a flat 50-day average on {symbol}: which setups are valid, which are not?',
        ],
      },
      {
        operation: 'generate',
        models: ['qwen2.5-coder:7b'],
        stream: true,
        tokens: [150, 500],
        prompts: [
          'Write a Python function that backtests a breakout of the {number}-day high on {symbol} with fees and slippage.',
        ],
      },
    ],
  },
  {
    name: 'optimizer',
    workers: 1,
    pauseMs: [3000, 9000],
    kinds: [
      {
        operation: 'chat',
        models: ['deepseek-r1:8b'],
        stream: true,
        thinking: true,
        tokens: [150, 400],
        prompts: [
          'The strategy for {symbol} lost {number} % in the last fold. Which parameter would you change first, and in which direction?',
          'Compare these two parameter sets for {symbol}; the second has a Sharpe ratio higher by 0.{number}. Is that noise?',
        ],
      },
      {
        operation: 'generate',
        models: ['mistral:latest'],
        stream: false,
        tokens: [40, 160],
        prompts: [
          'Rank these {number} candidates for {symbol} by drawdown, then by turnover. Answer as CSV.',
        ],
      },
    ],
  },
];
