// Copies what the pages take from npm into web/assets/dist, from where it is built into the binary. With --tokens it also writes
// web/assets/css/00-tokens.css anew: the tokens of Open Props that our sheets use, and no others. That file is kept in the repository, so
// that a checkout without Node has the whole stylesheet.
import { cp, mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(root, "node_modules");
const dist = join(root, "web/assets/dist");
const sheets = join(root, "web/assets/css");
const tokens = join(sheets, "00-tokens.css");

// Of pdfjs the characters and fonts that a PDF may name without bringing them are part; source maps and the viewer are not.
const copies = {
  "htmx.org/dist/htmx.min.js": "htmx.min.js",
  "htmx.org/dist/ext/hx-sse.min.js": "hx-sse.min.js",
  "uplot/dist/uPlot.iife.min.js": "uplot/uplot.js",
  "uplot/dist/uPlot.min.css": "uplot/uplot.css",
  "pdfjs-dist/build/pdf.min.mjs": "pdfjs/pdf.min.mjs",
  "pdfjs-dist/build/pdf.worker.min.mjs": "pdfjs/pdf.worker.min.mjs",
  "pdfjs-dist/standard_fonts": "pdfjs/standard_fonts",
};

async function usedTokens() {
  const source = await readFile(join(modules, "open-props/open-props.min.css"), "utf8");
  const values = new Map();
  for (const [, name, value] of source.matchAll(/(--[\w-]+):([^;{}]+)/g)) {
    if (!values.has(name)) values.set(name, value.trim());
  }
  const wanted = new Set();
  const follow = (text) => {
    for (const [, name] of text.matchAll(/var\((--[\w-]+)/g)) {
      if (values.has(name) && !wanted.has(name)) {
        wanted.add(name);
        follow(values.get(name));
      }
    }
  };
  for (const file of (await readdir(sheets)).sort()) {
    if (file !== "00-tokens.css") follow(await readFile(join(sheets, file), "utf8"));
  }
  const { version } = JSON.parse(await readFile(join(modules, "open-props/package.json"), "utf8"));
  const lines = [...values].filter(([name]) => wanted.has(name)).map(([name, value]) => `  ${name}: ${value};`);
  return `/* Of Open Props ${version} (Adam Argyle, MIT), what the other sheets use. \`npm run tokens\` writes this file. */\n:root {\n${lines.join("\n")}\n}\n`;
}

const want = await usedTokens();
if (process.argv.includes("--tokens")) {
  await writeFile(tokens, want);
} else if ((await readFile(tokens, "utf8")) !== want) {
  console.error("web/assets/css/00-tokens.css is not what the sheets use of Open Props. Run: npm run tokens");
  process.exit(1);
}

await rm(dist, { recursive: true, force: true });
for (const [from, to] of Object.entries(copies)) {
  await mkdir(dirname(join(dist, to)), { recursive: true });
  await cp(join(modules, from), join(dist, to), { recursive: true });
}
// The licences ask that they go along.
for (const name of ["htmx.org", "uplot", "pdfjs-dist"]) {
  await cp(join(modules, name, "LICENSE"), join(dist, `licences/${name}.txt`));
}
