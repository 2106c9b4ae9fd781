// Saves openpyxl.xlsx again with SheetJS, as .xlsx and as .xls.
import { readFileSync, writeFileSync } from "node:fs";
import XLSX from "xlsx";

const book = XLSX.read(readFileSync("openpyxl.xlsx"), { cellDates: true });
writeFileSync("sheetjs.xlsx", XLSX.write(book, { type: "buffer", bookType: "xlsx" }));
writeFileSync("sheetjs.xls", XLSX.write(book, { type: "buffer", bookType: "biff8" }));
