# Generated from the contract (.ci/clients/reference/types). Do not edit.

from __future__ import annotations

from typing import Literal, NotRequired, TypeAlias, TypedDict

AnnouncedSeverity = TypedDict(
    'AnnouncedSeverity',
    {
        'severity': Literal['error', 'warning'],
        'from': str,
    },
)


class ApplicationReference(TypedDict):
    id: str
    name: str


CalendarDate: TypeAlias = str


class CallerKey(TypedDict):
    id: str
    kind: Literal['live', 'trial', 'test']
    expiresAt: NotRequired[str]
    expiresInDays: NotRequired[int]


class CallerLimits(TypedDict):
    requestsPerMinute: int
    burst: int
    maxBodyBytes: int
    maxLines: int


class Data(TypedDict):
    organiserId: str
    crecheId: NotRequired[str]
    period: NotRequired[str]
    id: NotRequired[str]
    version: NotRequired[int]
    warnings: NotRequired[int]
    daysLeft: NotRequired[int]
    href: NotRequired[str]


class CloudEvent(TypedDict):
    specversion: Literal['1.0']
    id: str
    source: str
    service: Literal['be.one.passerelle.v1']
    type: str
    time: str
    datacontenttype: Literal['application/json']
    number: int
    data: Data


Count: TypeAlias = int


CrecheId: TypeAlias = str


class CrecheReference(TypedDict):
    id: str
    href: str
    name: str


class DayCount(TypedDict):
    fullDays: int
    halfDays: int


class DeliveryAttempt(TypedDict):
    at: str
    durationMillis: int
    status: NotRequired[int]
    failure: NotRequired[Literal['status', 'redirect', 'gone', 'timeout', 'unreachable', 'tls', 'noConsent']]
    answer: NotRequired[str]


EventType: TypeAlias = Literal['attendanceStatement.deposited', 'attendanceStatement.replaced', 'attendanceStatement.refused', 'attendanceStatement.missing', 'medicalStatement.deposited', 'medicalStatement.replaced', 'medicalStatement.refused', 'activityReport.saved', 'activityReport.replaced', 'activityReport.rejected', 'closures.replaced', 'doctor.entered', 'doctor.changed', 'doctor.validated', 'doctor.refused', 'staffRegister.changed', 'staffRegister.refused', 'staffRegister.validated', 'activityReport.signed', 'activityReport.withdrawn', 'activityReport.corrected', 'activityReport.takenUp', 'activityReport.returned', 'activityReport.accepted', 'activityReport.refused', 'activityReport.due', 'activityReport.messageWritten', 'medicalStatement.signed', 'medicalStatement.withdrawn', 'medicalStatement.corrected', 'medicalStatement.takenUp', 'medicalStatement.returned', 'medicalStatement.accepted', 'medicalStatement.refusedByAgency', 'medicalStatement.messageWritten', 'subsidyPayment.recorded', 'subsidyPayment.cancelled', 'application.registered', 'application.suspended', 'application.resumed', 'application.revoked', 'key.issued', 'key.expiring', 'key.revoked', 'webhookEndpoint.paused', 'webhookEndpoint.disabled']


class Events(TypedDict):
    self: str
    items: list[CloudEvent]
    upTo: int
    pageSize: int
    next: NotRequired[str]


class Existing(TypedDict):
    id: str
    href: str


class Place(TypedDict):
    name: str
    cell: NotRequired[str]


Finding = TypedDict(
    'Finding',
    {
        'type': str,
        'title': str,
        'code': str,
        'severity': Literal['error', 'warning'],
        'announced': NotRequired[AnnouncedSeverity],
        'owner': Literal['encoder', 'vendor', 'administrator', 'agency'],
        'in': Literal['body', 'path', 'query', 'header'],
        'name': str,
        'cell': NotRequired[str],
        'detail': str,
        'href': str,
        'existing': NotRequired[Existing],
        'value': NotRequired[str],
        'count': NotRequired[int],
        'places': NotRequired[list[Place]],
    },
)


class Header(TypedDict):
    name: str
    value: str


Label: TypeAlias = str


class MedicalSumsOfDoctor(TypedDict):
    doctorId: str
    consultations: int
    minutes: int
    feeCents: int
    travelCents: int


class MedicalTotals(TypedDict):
    consultations: int
    minutes: int
    feeCents: int
    travelCents: int
    byDoctor: list[MedicalSumsOfDoctor]


Month: TypeAlias = str


Name: TypeAlias = str


class OrganiserReference(TypedDict):
    id: str
    legalName: str


Period: TypeAlias = str


class Problem(TypedDict):
    type: str
    href: NotRequired[str]
    title: str
    status: int
    detail: str
    instance: str
    issues: NotRequired[list[Finding]]
    warnings: NotRequired[list[Finding]]
    requiredScopes: NotRequired[list[str]]
    limit: NotRequired[int]
    retryAfterSec: NotRequired[int]
    upTo: NotRequired[int]
    currentEtag: NotRequired[str]


StaffHundredths: TypeAlias = dict[Literal['management', 'psychoMedicoSocial', 'childcare', 'logistics', 'administration', 'volunteer', 'trainee'], int]


class Staffing(TypedDict):
    date: str
    hundredths: StaffHundredths
    averageHundredths: StaffHundredths


StatementStatus: TypeAlias = Literal['missing', 'deposited', 'locked']


TimeOfDay: TypeAlias = str


class Totals(TypedDict):
    present: DayCount
    justifiedAbsence: DayCount
    unjustifiedAbsence: DayCount


class HeaderName(TypedDict):
    name: str


class WebhookEndpoint(TypedDict):
    href: str
    id: str
    url: str
    description: NotRequired[str]
    eventTypes: NotRequired[list[str]]
    creches: NotRequired[list[str]]
    signing: Literal['v1', 'v1a']
    headers: list[HeaderName]
    deliveriesPerSecond: int
    consentedPerMinute: NotRequired[int]
    state: Literal['pending', 'active', 'paused', 'disabled']
    reason: NotRequired[Literal['person', 'failing', 'gone']]
    createdAt: str
    verifiedAt: NotRequired[str]
    failingSince: NotRequired[str]
    publicKey: NotRequired[str]
    secret: NotRequired[str]
    written: NotRequired[bool]


class WebhookEndpointPatch(TypedDict):
    url: NotRequired[str]
    description: NotRequired[str | None]
    eventTypes: NotRequired[list[EventType] | None]
    creches: NotRequired[list[str] | None]
    headers: NotRequired[list[Header] | None]
    deliveriesPerSecond: NotRequired[int | None]
    state: NotRequired[Literal['active', 'paused'] | None]


class WebhookEndpointRequest(TypedDict):
    url: str
    description: NotRequired[Label]
    eventTypes: NotRequired[list[EventType]]
    creches: NotRequired[list[CrecheId]]
    signing: NotRequired[Literal['v1', 'v1a']]
    headers: NotRequired[list[Header]]
    deliveriesPerSecond: NotRequired[int]
    state: NotRequired[Literal['active', 'paused']]


class WebhookVerification(TypedDict):
    method: NotRequired[Literal['test', 'handshake']]


class WebhookVerified(TypedDict):
    verified: bool
    attempt: DeliveryAttempt
    webhookEndpoint: WebhookEndpoint


class AttendanceDay(TypedDict):
    date: CalendarDate
    status: Literal['present', 'justifiedAbsence', 'unjustifiedAbsence']
    duration: Literal['full', 'half']
    reason: NotRequired[Literal['medicalCertificate', 'hospitalisation', 'healthWithoutCertificate', 'healthExclusion', 'economicUnemployment', 'employerStrike', 'transportStrike', 'familyCircumstance', 'forceMajeure']]
    arrival: NotRequired[TimeOfDay]
    departure: NotRequired[TimeOfDay]


class AttendanceLine(TypedDict):
    reference: str
    familyName: Name
    givenName: Name
    birthDate: CalendarDate
    ssin: NotRequired[str]
    ssinPresent: NotRequired[bool]
    startDate: NotRequired[CalendarDate]
    endDate: NotRequired[CalendarDate]
    days: list[AttendanceDay]


class AttendanceStatement(TypedDict):
    self: str
    creche: CrecheReference
    month: Month
    status: Literal['deposited', 'locked']
    revision: int
    depositedAt: str
    hasWarnings: bool
    totals: Totals
    warnings: list[Finding]
    lines: list[AttendanceLine]


class Caller(TypedDict):
    self: NotRequired[str]
    organiser: OrganiserReference
    application: ApplicationReference
    key: CallerKey
    scopes: list[str]
    creches: list[CrecheReference]
    limits: CallerLimits
    deployment: Literal['production', 'sandbox']


class ControlDayCount(TypedDict):
    fullDays: Count
    halfDays: Count


class ControlTotals(TypedDict):
    present: ControlDayCount
    justifiedAbsence: ControlDayCount
    unjustifiedAbsence: ControlDayCount


class MonthFigures(TypedDict):
    month: Month
    status: StatementStatus
    hasWarnings: bool
    revision: NotRequired[int]
    href: str
    totals: Totals
    lines: int
    openDays: int
    placeDays: int
    missingDays: NotRequired[list[str]]


class MedicalMonthFigures(TypedDict):
    month: Month
    status: StatementStatus
    hasWarnings: bool
    revision: NotRequired[int]
    href: str
    totals: MedicalTotals


class MedicalFigures(TypedDict):
    status: StatementStatus
    hasWarnings: bool
    totals: MedicalTotals
    months: list[MedicalMonthFigures]


class MonthEffect(TypedDict):
    before: Totals
    after: Totals


class QuarterEffect(TypedDict):
    period: Period
    before: Totals
    after: Totals


class DepositEffect(TypedDict):
    month: MonthEffect
    quarter: QuarterEffect


class MedicalPeriod(TypedDict):
    status: StatementStatus
    hasWarnings: bool
    totals: MedicalTotals


class MissingMonth(TypedDict):
    month: Month
    detail: str


class CrecheFigures(TypedDict):
    creche: CrecheReference
    status: StatementStatus
    hasWarnings: NotRequired[bool]
    totals: Totals
    lines: int
    openDays: int
    placeDays: int
    presentHalfDays: int
    presentAndJustifiedHalfDays: int
    presentRate: NotRequired[int]
    presentAndJustifiedRate: NotRequired[int]
    missing: list[MissingMonth]
    missingDays: NotRequired[list[str]]
    medical: MedicalPeriod
    staffing: Staffing


class OrganiserSummary(TypedDict):
    self: str
    organiser: OrganiserReference
    period: Period
    status: StatementStatus
    hasWarnings: NotRequired[bool]
    totals: Totals
    lines: int
    openDays: int
    placeDays: int
    presentHalfDays: int
    presentAndJustifiedHalfDays: int
    presentRate: NotRequired[int]
    presentAndJustifiedRate: NotRequired[int]
    deadline: NotRequired[str]
    deadlinePassed: NotRequired[bool]
    medical: MedicalPeriod
    staffing: Staffing
    creches: list[CrecheFigures]


class AcceptedDeposit(TypedDict):
    self: str
    creche: CrecheReference
    month: Month
    status: Literal['deposited', 'locked']
    revision: int
    written: bool
    unchanged: bool
    hasWarnings: bool
    lines: int
    totals: Totals
    warnings: list[Finding]
    depositedAt: NotRequired[str]
    effect: NotRequired[DepositEffect]


class AttendanceStatementRequest(TypedDict):
    lines: list[AttendanceLine]
    controlTotals: NotRequired[ControlTotals]


class CrecheSummary(TypedDict):
    self: str
    creche: CrecheReference
    period: Period
    status: StatementStatus
    hasWarnings: NotRequired[bool]
    totals: Totals
    lines: int
    openDays: int
    placeDays: int
    presentHalfDays: int
    presentAndJustifiedHalfDays: int
    presentRate: NotRequired[int]
    presentAndJustifiedRate: NotRequired[int]
    places: NotRequired[int]
    deadline: NotRequired[str]
    deadlinePassed: NotRequired[bool]
    months: list[MonthFigures]
    missing: list[MissingMonth]
    medical: MedicalFigures
    staffing: Staffing
