import { type ExecOrder, type HelperRequest, parseRequest, type RunOrder, type ServeOrder } from '../link/requests.js';
import { FrameReader } from '../link/frames.js';
import { answerAboutFile } from './files.js';
import { Output } from './output.js';
import { type RunningCommand, startCommand } from './command.js';

// The process inside the sandbox: it does what the worker asks, and nothing on its own. It needs nothing but Node, so that little has
// to be seen from inside. When the worker is gone, so is its input, and it ends; with it ends everything in its process namespace.

const output = new Output(process.stdout);
const running = new Map<number, RunningCommand>();
const reader = new FrameReader();

process.stdin.on('data', (chunk: Buffer) => {
  for (const { header, body } of reader.push(chunk)) take(parseRequest(header), body);
});
process.stdin.on('end', () => {
  for (const command of running.values()) command.end('cancel');
  process.exit(0);
});
output.send({ type: 'ready' });

function take(request: HelperRequest, body: Buffer): void {
  switch (request.op) {
    case 'cancel':
      running.get(request.id)?.end('cancel');
      return;
    case 'input':
      running.get(request.id)?.write(body);
      return;
    case 'exec':
    case 'run':
    case 'serve':
      runCommand(request.id, request, body);
      return;
    default:
      void answerAboutFile(request, body).then(({ header, body: content }) =>
        output.send({ id: request.id, ...header }, content),
      );
  }
}

function runCommand(id: number, order: ExecOrder | RunOrder | ServeOrder, input: Buffer): void {
  const command = startCommand(order, input, (chunk) => output.send({ id, type: 'output' }, chunk), output);
  running.set(id, command);
  void command.ended.then((ending) => {
    running.delete(id);
    output.send({ id, ...ending });
  });
}
