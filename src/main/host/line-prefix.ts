/** Copies a program's output line by line, each line under the program's name. */
export function copyLines(from: NodeJS.ReadableStream, to: NodeJS.WritableStream, name: string): void {
  let rest = '';
  from.setEncoding('utf8');
  from.on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) to.write(`[${name}] ${line}\n`);
  });
  from.on('end', () => {
    if (rest) to.write(`[${name}] ${rest}\n`);
  });
}
