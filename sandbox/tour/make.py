"""Makes the tour's quarter: July as JSON, August as .xlsx (openpyxl), September as .xlsx to be saved as .xls.

    python3 make.py
    soffice --headless --convert-to xls:"MS Excel 97" 2026-09.xlsx && rm 2026-09.xlsx

Every child is invented; the sequences of the national numbers (951 to 998) are reserved for tests.
"""

import datetime
import json
import random

import openpyxl

CHILDREN = [
    # family name, given name, birth date, with a national number, weekdays (0 = Monday; .5 = half a day)
    ("Dubois", "Léa", "2024-03-12", True, [0, 1, 2, 3, 4]),
    ("Lambert", "Noah", "2024-11-02", True, [0, 1, 2, 3, 4]),
    ("Peeters", "Lucas", "2025-01-20", True, [0, 1, 3, 4]),
    ("El Amrani", "Inès", "2024-07-08", True, [0, 1, 2, 3, 4]),
    ("Dupont", "Arthur", "2025-05-30", True, [0, 1, 2.5]),
    ("Janssens", "Mila", "2024-09-17", True, [1, 2, 3, 4]),
    ("Lemaire", "Jules", "2023-12-05", True, [0, 1, 2, 3, 4]),
    ("Diallo", "Aïcha", "2025-02-14", True, [0, 1, 2, 3, 4]),
    ("Maes", "Victor", "2024-04-27", True, [0, 2, 4]),
    ("Rossi", "Chiara", "2024-12-19", True, [0, 1, 2, 3]),
    ("Simon", "Éloïse", "2025-04-03", True, [0.5, 1.5, 2.5, 3.5, 4.5]),
    ("Nowak", "Adam", "2024-06-21", True, [0, 1, 2, 3, 4]),
    ("Gérard", "Zoé", "2025-03-09", True, [2, 3, 4]),
    ("Martin", "Tom", "2024-02-11", False, [0, 1, 3]),
    ("Bakker", "Sofie", "2024-10-06", True, [0, 1, 2, 3, 4]),
    ("N'Diaye", "Malik", "2025-06-01", True, [1, 2, 3]),
]
HOLIDAYS = {"2026-07-21", "2026-08-15"}
CLOSED = {f"2026-08-{day:02}" for day in range(3, 15)}


def number(birth, sequence):
    nine = birth[2:4] + birth[5:7] + birth[8:10] + f"{sequence:03}"
    return nine + f"{97 - int('2' + nine) % 97:02}"


def days(chance, month, weekdays):
    """Who was there: mostly present, now and then absent."""
    day = datetime.date.fromisoformat(month + "-01")
    while day.isoformat()[:7] == month:
        date = day.isoformat()
        for weekday in weekdays:
            if int(weekday) == day.weekday() and date not in HOLIDAYS | CLOSED:
                duration = "half" if weekday % 1 else "full"
                draw = chance.random()
                if draw < 0.86:
                    yield {"date": date, "status": "present", "duration": duration}
                elif draw < 0.95:
                    reason = chance.choice(["medicalCertificate", "familyCircumstance", "medicalCertificate"])
                    yield {"date": date, "status": "justifiedAbsence", "duration": duration, "reason": reason}
                else:
                    yield {"date": date, "status": "unjustifiedAbsence", "duration": duration}
        day += datetime.timedelta(1)


def lines(month):
    chance = random.Random(month)
    for index, (family, given, birth, numbered, weekdays) in enumerate(CHILDREN):
        line = {"reference": f"K-{index + 1:03}", "familyName": family, "givenName": given, "birthDate": birth}
        if numbered:
            line["ssin"] = number(birth, 951 + index)
        if index == 15:
            line["startDate"] = "2026-08-17"
            if month < "2026-08":
                continue
        entries = [day for day in days(chance, month, weekdays) if day["date"] >= line.get("startDate", "")]
        yield line | {"days": entries}


def totals(all_lines):
    sums = {s: {"fullDays": 0, "halfDays": 0} for s in ("present", "justifiedAbsence", "unjustifiedAbsence")}
    for day in (day for line in all_lines for day in line["days"]):
        sums[day["status"]]["fullDays" if day["duration"] == "full" else "halfDays"] += 1
    return sums


def code(entry):
    text = {"present": "P", "justifiedAbsence": "AJ", "unjustifiedAbsence": "AI"}[entry["status"]]
    text += "/2" if entry["duration"] == "half" else ""
    return text + (":" + entry["reason"] if "reason" in entry else "")


def workbook(month, path):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Présences"
    count = 31 if month != "2026-09" else 30
    head = ["Référence", "Nom", "Prénom", "Date de naissance", "NISS", "Entrée", "Sortie", *range(1, count + 1)]
    sheet.append(head)
    for line in lines(month):
        by_day = {int(day["date"][8:]): code(day) for day in line["days"]}
        date = lambda name: datetime.date.fromisoformat(line[name]) if name in line else None
        row = [line["reference"], line["familyName"], line["givenName"], date("birthDate")]
        row += [line.get("ssin"), date("startDate"), None]
        sheet.append(row + [by_day.get(day) for day in range(1, count + 1)])
    book.save(path)


july = list(lines("2026-07"))
with open("2026-07.json", "w", encoding="utf-8") as file:
    json.dump({"lines": july, "controlTotals": totals(july)}, file, ensure_ascii=False, indent=1)
    file.write("\n")
workbook("2026-08", "2026-08.xlsx")
workbook("2026-09", "2026-09.xlsx")
