// Is the service of this container ready: do its dependencies answer, and does its work move on?
const PORTS = { web: 8080, api: 8081, collector: 8082, agent: 8083 };
const port = process.env.PORT || PORTS[process.env.SERVICE];
try {
  const response = await fetch(`http://127.0.0.1:${port}/ready`, {
    signal: AbortSignal.timeout(3000),
  });
  if (!response.ok) console.log(await response.text());
  process.exitCode = response.ok ? 0 : 1;
} catch (error) {
  console.log(error.message);
  process.exitCode = 1;
}
