// One turn of a coding agent through the gateway. Usage: node agents.mjs codex|claude ORIGIN KEY MODEL PROMPT
// The agents are not among the packages of this directory; agents.md says how to install them.
import { spawn } from 'node:child_process';
import { mkdtempSync, mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const [agent, origin, key, model, prompt] = process.argv.slice(2);
const home = mkdtempSync(join(tmpdir(), `agent-${agent}-`));
const work = join(home, 'work');
mkdirSync(work);

const agents = {
  codex: () => {
    mkdirSync(join(home, '.codex'));
    writeFileSync(
      join(home, '.codex', 'config.toml'),
      `model = "${model}"
model_provider = "smashcost"

[model_providers.smashcost]
name = "SmashCost"
base_url = "${origin}/v1"
wire_api = "responses"
env_key = "SMASHCOST_KEY"
request_max_retries = 0
stream_max_retries = 0
`,
    );
    return ['codex', ['exec', '--skip-git-repo-check', '--sandbox', 'read-only', prompt], { SMASHCOST_KEY: key, CODEX_HOME: join(home, '.codex') }];
  },
  claude: () => [
    'claude',
    ['-p', prompt, '--model', model, '--output-format', 'json'],
    {
      ANTHROPIC_BASE_URL: origin,
      ANTHROPIC_AUTH_TOKEN: key,
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
      DISABLE_TELEMETRY: '1',
      DISABLE_AUTOUPDATER: '1',
    },
  ],
};

const [command, args, env] = agents[agent]();
const child = spawn(command, args, {
  cwd: work,
  env: { PATH: process.env.PATH, LANG: 'C.UTF-8', HOME: home, ...env },
  stdio: ['ignore', 'inherit', 'inherit'],
  timeout: 120_000,
});
child.on('error', (e) => {
  console.error(`${command} cannot be started: ${e.message}; see agents.md`);
  process.exit(2);
});
child.on('exit', (code) => process.exit(code ?? 1));
