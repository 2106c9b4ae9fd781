"""Makes sample workbooks of September 2026, the same three children by several programs.

    python3 make.py                                   openpyxl.xlsx, xlwt.xls
    node make.mjs                                     sheetjs.xlsx, sheetjs.xls   (npm install xlsx)
    soffice --headless --convert-to xlsx:"Calc MS Excel 2007 XML" --outdir out openpyxl.xlsx   libreoffice.xlsx
    soffice --headless --convert-to xls:"MS Excel 97" --outdir out openpyxl.xlsx               libreoffice.xls

Every child is invented; the sequences of the national numbers (951 to 998) are reserved for tests.
"""

import datetime

import openpyxl
import xlwt

HEADERS = ["Référence", "Nom", "Prénom", "Date de naissance", "NISS", "Entrée", "Sortie"]
DATE = datetime.date
CHILDREN = [
    ("K-001", "Dubois", "Léa", DATE(2024, 3, 12), "24031295194", DATE(2024, 9, 2), None, {1: "P", 2: "aj", 3: "P/2+AJ/2"}),
    (2, "N'Diaye\u00a0", " Malik", DATE(2002, 7, 19), 2071996837, None, DATE(2026, 9, 30), {1: "AI", 30: "p½"}),
    ("K-003", "El Amrani", "Inès", DATE(2024, 7, 8), "connu", None, None, {4: "AJ:medicalCertificate"}),
]


def rows():
    yield ["Mois", "2026-09"]
    yield []
    yield HEADERS + list(range(1, 31))
    yield []
    for *identity, days in CHILDREN:
        yield identity + [days.get(day) for day in range(1, 31)]


book = openpyxl.Workbook()
sheet = book.active
sheet.title = "Présences"
for row in rows():
    sheet.append(row)
book.create_sheet("Notes")["A1"] = "Nom"
book.save("openpyxl.xlsx")

old = xlwt.Workbook()
sheet = old.add_sheet("Présences")
style = xlwt.easyxf(num_format_str="DD/MM/YYYY")
for at, row in enumerate(rows()):
    for column, value in enumerate(row):
        if isinstance(value, datetime.date):
            sheet.write(at, column, value, style)
        elif value is not None:
            sheet.write(at, column, value)
old.save("xlwt.xls")
