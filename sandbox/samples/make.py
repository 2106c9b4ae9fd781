"""Makes sample workbooks of September 2026, the same three children by several programs.

    python3 make.py                                   openpyxl.xlsx, xlwt.xls, and consultations and staff as .json, .xlsx
                                                      (openpyxl) and .xls (xlwt)
    node make.mjs                                     sheetjs.xlsx, sheetjs.xls   (npm install xlsx)
    soffice --headless --convert-to xlsx:"Calc MS Excel 2007 XML" --outdir out openpyxl.xlsx   libreoffice.xlsx
    soffice --headless --convert-to xls:"MS Excel 97" --outdir out openpyxl.xlsx               libreoffice.xls

Every child is invented; the sequences of the national numbers (951 to 998) are reserved for tests.
"""

import datetime
import json

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


# Consultations of July 2026, and a staff register: as JSON, by openpyxl and by xlwt.

CONSULTATIONS = [
    # day, arrival, departure, the doctor's INAMI number, fee and travel costs in cents
    (DATE(2026, 7, 1), "13:30", "15:00", "19006951001", 8550, 1200),
    (DATE(2026, 7, 8), "13:30", "15:15", "19006951001", 9975, 1200),
    (DATE(2026, 7, 22), "09:00", "10:30", "19006951001", 8550, 0),
]
PERSONS = [
    # reference, national number, family name, given name, birth date where no number tells it
    ("E-1", None, "Janssens", "Nadia", None),
    ("E-2", None, "Lambrechts", "Aline", None),
    ("E-4", "85031495246", "Benmoussa", "Aïcha", None),
    ("E-5", None, "García", "Lucía", DATE(1998, 4, 2)),
]
CONTRACTS = [
    # person, contract, status, start, end, and its functions: crèche by ONE number, category, working time
    ("E-1", "C-1", "statutory", DATE(2019, 1, 1), None, [("63/25118/01", "management", 50), ("63/25118/02", "management", 50)]),
    ("E-2", "C-1", "contractual", DATE(2023, 9, 1), None, [("63/25118/01", "childcare", 100)]),
    ("E-4", "C-1", "contractual", DATE(2026, 6, 1), DATE(2026, 12, 31), [("63/25118/01", "childcare", 60)]),
    ("E-5", "C-1", "volunteer", DATE(2026, 7, 1), None, [("63/25118/02", "volunteer", 20)]),
]
TRAININGS = [("E-4", "diploma", "Puériculture", DATE(2006, 6, 30))]
DOCUMENTS = [("E-4", "criminalRecordExtract", DATE(2026, 5, 20), DATE(2029, 5, 20))]
ABSENCES = [("E-2", "other", DATE(2026, 7, 13), DATE(2026, 7, 24))]
WORDS = {
    "statutory": "Statutaire", "contractual": "Contractuel", "management": "Direction", "childcare": "Accueil des enfants",
    "volunteer": "Volontaire", "diploma": "Diplôme", "criminalRecordExtract": "Extrait de casier judiciaire",
    "other": "Autre absence",
}


def consultations():
    yield "Consultations", [["Mois", "2026-07"], [], ["Date", "Arrivée", "Départ", "INAMI", "Honoraires (€)", "Déplacement (€)"]] + [
        [day, arrival, departure, inami, fee / 100, travel / 100 if travel else None]
        for day, arrival, departure, inami, fee, travel in CONSULTATIONS
    ]


def staff():
    said = lambda row: [WORDS.get(value, value) for value in row]
    yield "Personnes", [["Référence", "NISS", "Nom", "Prénom", "Date de naissance"]] + [
        [reference, number, family, given, birth] for reference, number, family, given, birth in PERSONS
    ]
    yield "Contrats", [["Personne", "Contrat", "Statut", "Début", "Fin"]] + [said(row[:5]) for row in CONTRACTS]
    yield "Fonctions", [["Personne", "Contrat", "Crèche", "Catégorie", "ETP"]] + [
        said([person, contract, creche, category, time / 100])
        for person, contract, *_, functions in CONTRACTS
        for creche, category, time in functions
    ]
    yield "Formations", [["Personne", "Type", "Intitulé", "Date"]] + [said(row) for row in TRAININGS]
    yield "Documents", [["Personne", "Type", "Date", "Valable jusqu'au"]] + [said(row) for row in DOCUMENTS]
    yield "Absences", [["Personne", "Type", "Début", "Fin"]] + [said(row) for row in ABSENCES]


def present(**values):
    return {name: str(v) if isinstance(v, datetime.date) else v for name, v in values.items() if v not in (None, [])}


def consultations_json():
    return {"lines": [
        present(date=day, arrival=arrival, departure=departure, inami=inami, feeCents=fee, travelCents=travel or None)
        for day, arrival, departure, inami, fee, travel in CONSULTATIONS
    ]}


def staff_json():
    def contracts(person):
        for owner, reference, status, start, end, functions in CONTRACTS:
            if owner == person:
                functions = [{"crecheId": c, "category": k, "fteHundredths": t} for c, k, t in functions]
                yield present(reference=reference, status=status, startDate=start, endDate=end, functions=functions)

    def member(reference, number, family, given, birth):
        return present(
            reference=reference, ssin=number, givenName=given, familyName=family, birthDate=birth,
            contracts=list(contracts(reference)),
            trainings=[present(kind=k, title=t, date=d) for p, k, t, d in TRAININGS if p == reference],
            documents=[present(kind=k, date=d, validUntil=u) for p, k, d, u in DOCUMENTS if p == reference],
            absences=[present(kind=k, startDate=s, endDate=e) for p, k, s, e in ABSENCES if p == reference],
        )

    return {"members": [member(*person) for person in PERSONS]}


for name, sheets, document in [("consultations", consultations, consultations_json()), ("staff", staff, staff_json())]:
    with open(name + ".json", "w", encoding="utf-8") as file:
        json.dump(document, file, ensure_ascii=False, indent=1)
        file.write("\n")
    book, old = openpyxl.Workbook(), xlwt.Workbook()
    book.remove(book.active)
    for title, table in sheets():
        new, legacy = book.create_sheet(title), old.add_sheet(title)
        for at, row in enumerate(table):
            new.append(row)
            for column, value in enumerate(row):
                if isinstance(value, datetime.date):
                    legacy.write(at, column, value, style)
                elif value is not None:
                    legacy.write(at, column, value)
    book.save(name + ".xlsx")
    old.save(name + ".xls")
