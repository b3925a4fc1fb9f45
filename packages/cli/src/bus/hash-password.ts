/** The passwords are random and long, so that nobody finds one by trying: more rounds would only cost NATS time at each log-in. */
const ROUNDS = 4;

/** A bcrypt hash as nats-server knows it: it looks for the older name of the same thing. */
export async function hashPassword(password: string): Promise<string> {
  const { hash } = await import('bcryptjs');
  return (await hash(password, ROUNDS)).replace(/^\$2[by]\$/, '$2a$');
}
