//! The notice at the top of a page of the console on the last action.

use super::codes::codes;

codes! {
    /// What was done.
    pub enum Notice with codes_notice {
        /// What a form changed is stored.
        ChangesSaved "changesSaved";
        /// A session was ended on another machine.
        SessionEnded "sessionEnded";
        /// A statement was deposited.
        StatementDeposited "statementDeposited";
        /// A statement was deposited that is like the one before.
        StatementUnchanged "statementUnchanged";
        /// The draft of a report was stored.
        ReportSaved "reportSaved";
        /// A report was signed.
        ReportSigned "reportSigned";
        /// Several reports were signed.
        ReportsSigned "reportsSigned";
        /// The signature of a report was withdrawn.
        ReportWithdrawn "reportWithdrawn";
        /// A month of consultations was signed alone.
        MonthSigned "monthSigned";
        /// The signature of a month was withdrawn.
        MonthWithdrawn "monthWithdrawn";
        /// A file was attached to a report.
        AttachmentAdded "attachmentAdded";
        /// An attachment of a report was removed.
        AttachmentRemoved "attachmentRemoved";
        /// An agent took up or answered a claim.
        ClaimAnswered "claimAnswered";
        /// A message about a claim was written.
        ClaimMessageWritten "claimMessageWritten";
        /// A payment of a subsidy was recorded.
        PaymentRecorded "paymentRecorded";
        /// Payments of a file were recorded.
        PaymentsRecorded "paymentsRecorded";
        /// A payment of a subsidy was cancelled.
        PaymentCancelled "paymentCancelled";
        /// An agent prepared a communication.
        CommunicationPrepared "communicationPrepared";
        /// A communication was published.
        CommunicationPublished "communicationPublished";
        /// A communication was withdrawn.
        CommunicationWithdrawn "communicationWithdrawn";
        /// The draft of a communication was discarded.
        CommunicationDiscarded "communicationDiscarded";
        /// A typed table was removed.
        DraftDiscarded "draftDiscarded";
        /// A closure was added.
        ClosureAdded "closureAdded";
        /// A closure was removed.
        ClosureRemoved "closureRemoved";
        /// A doctor was entered.
        DoctorAdded "doctorAdded";
        /// The sheet of a doctor or of a member of the staff was changed.
        SheetSaved "sheetSaved";
        /// The agreement with a doctor was stored.
        AgreementStored "agreementStored";
        /// An agent validated a doctor.
        DoctorValidated "doctorValidated";
        /// An agent refused a doctor.
        DoctorRefused "doctorRefused";
        /// A member of the staff was entered.
        StaffMemberAdded "staffMemberAdded";
        /// A line of a sheet was removed.
        EntryRemoved "entryRemoved";
        /// The staff register was deposited.
        RegisterDeposited "registerDeposited";
        /// The staff of a crèche was validated.
        StaffValidated "staffValidated";
        /// A user was added.
        UserAdded "userAdded";
        /// A user was deactivated.
        UserDeactivated "userDeactivated";
        /// A user was reactivated.
        UserReactivated "userReactivated";
        /// A user was deleted.
        UserDeleted "userDeleted";
        /// An application was registered.
        ApplicationRegistered "applicationRegistered";
        /// An application was suspended.
        ApplicationSuspended "applicationSuspended";
        /// An application was resumed.
        ApplicationResumed "applicationResumed";
        /// An application was revoked.
        ApplicationRevoked "applicationRevoked";
        /// The bodies of an application's calls are logged for a time.
        BodyLoggingAllowed "bodyLoggingAllowed";
        /// They are logged no longer.
        BodyLoggingEnded "bodyLoggingEnded";
        /// A key was revoked.
        KeyRevoked "keyRevoked";
        /// A webhook endpoint accepted its test.
        EndpointVerified "endpointVerified";
        /// A webhook endpoint was paused.
        EndpointPaused "endpointPaused";
        /// A webhook endpoint was resumed.
        EndpointResumed "endpointResumed";
        /// Deliveries are sent again.
        DeliveriesReplayed "deliveriesReplayed";
        /// No delivery matched the redelivery.
        NothingReplayed "nothingReplayed";
    }
}
