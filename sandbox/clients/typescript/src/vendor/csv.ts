// Reads CSV (RFC 4180): cells in quotes may have separators, quotes (doubled) and line ends in them.

/** A record, and the line on which it ends, as an editor counts. */
export interface CsvRecord {
  line: number;
  cells: string[];
}

/** The records of a text. A SyntaxError names the line where quotes are wrong. */
export function parseCsv(text: string, separator: string): CsvRecord[] {
  const records: CsvRecord[] = [];
  let line = 1;
  let at = 0;
  while (at < text.length) {
    const cells: string[] = [];
    for (let more = true; more; ) {
      const cell = text[at] === '"' ? quoted(text, at, line) : plain(text, at, separator);
      line += cell.value.split("\n").length - 1;
      cells.push(cell.value);
      const sign = text[cell.end];
      if (sign !== undefined && sign !== separator && sign !== "\n" && sign !== "\r") throw new SyntaxError(`line ${line}: a sign behind the quotes`);
      more = sign === separator;
      at = cell.end + (text.startsWith("\r\n", cell.end) ? 2 : 1);
    }
    records.push({ line, cells });
    line += 1;
  }
  return records;
}

function plain(text: string, start: number, separator: string): { value: string; end: number } {
  let end = start;
  while (end < text.length && text[end] !== separator && text[end] !== "\n" && text[end] !== "\r") end += 1;
  return { value: text.slice(start, end), end };
}

function quoted(text: string, start: number, line: number): { value: string; end: number } {
  let end = start + 1;
  while (end < text.length && (text[end] !== '"' || text[end + 1] === '"')) end += text[end] === '"' ? 2 : 1;
  if (end >= text.length) throw new SyntaxError(`line ${line}: quotes are not closed`);
  return { value: text.slice(start + 1, end).replaceAll('""', '"'), end: end + 1 };
}
