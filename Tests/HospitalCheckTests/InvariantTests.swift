import Testing
import Vocabulary

@testable import HospitalCheck

/// Every invariant, broken on purpose in a hospital that was sound.
@Suite(.onEitherEngine, .timeLimit(.minutes(10))) struct InvariantTests {
    @Test func `a small hospital with one of everything is sound`() async throws {
        let report = try await PaperDataFolder.small().check()
        #expect(report.isSound, "\(report)")
        #expect(report.lines.filter { $0.verdict == .waits }.isEmpty, "\(report)")
    }

    @Test(arguments: Breaking.all)
    func `what is broken is told`(breaking: Breaking) async throws {
        let hospital = try await PaperDataFolder.small()
        for (service, sql) in breaking.statements { try hospital.write(service, sql) }
        let report = try hospital.check()
        let verdict: CheckReport.Verdict = breaking.isWaiting ? .waits : .broken
        #expect(report.breaches(verdict)[breaking.sentence]?.contains(breaking.breach) == true, "\(report)")
    }

    @Test func `whoever has begun a visit may finish it in his leave, and after he has left`() async throws {
        let hospital = try await PaperDataFolder.small()
        let start = PaperDataFolder.slot(0)
        try hospital.write(
            "doctor",
            """
            UPDATE leaves SET start_at = \(start), created_at = \(start);
            UPDATE doctors SET status = 'INACTIVE', deactivated_at = \(start);
            """)
        let report = try hospital.check()
        #expect(report.isSound, "\(report)")
    }

    /// Missed, taken back and missed again: the first fee is void, the second owed.
    @Test func `a no-show may be taken back, and come again with a fee of its own`() async throws {
        let hospital = try await PaperDataFolder.small()
        let steps = ["SCHEDULED", "NO_SHOW", "SCHEDULED", "NO_SHOW"]
        try hospital.write(
            "appointment",
            PaperDataFolder.appointment(7, slot: 6, steps, feePercent: 100)
                + """
                UPDATE appointment_steps SET reason = 'She is here' WHERE appointment_seq = 7 AND step = 3;
                UPDATE doctor_days SET no_show = no_show + 1;
                """)
        try hospital.write(
            "billing",
            PaperDataFolder.bill(20, appointment: 7, "NO_SHOW_FEE", 50_000, "VOID")
                + "UPDATE bills SET taken_back = 1 WHERE bill_id = 'bil_20';"
                + PaperDataFolder.bill(21, appointment: 7, "NO_SHOW_FEE", 50_000, "OPEN"))
        let report = try hospital.check()
        #expect(report.isSound, "\(report)")
    }

    @Test func `numbers are held to the country for which they were kept, and to none where the next start makes them anew`() async throws {
        let hospital = try await PaperDataFolder.small()
        let kept = "UPDATE patients SET phone = '020 7946 0018', phone_reversed = '810064970244';"
        let british = TextRecipe(region: try #require(PhoneRegion("GB")))
        try hospital.write("patient", kept + "UPDATE hms_recipe SET recipe = '\(british)'")
        #expect(try hospital.check().isSound)
        try hospital.write("patient", "UPDATE hms_recipe SET recipe = '\(TextRecipe(region: .india))'")
        #expect(try !hospital.check().isSound)
        try hospital.write("patient", "UPDATE hms_recipe SET recipe = 'folding 1, phones 1, region IN'")
        #expect(try hospital.check().isSound)
    }

    /// Those of the files and of the events have tests of their own.
    @Test func `every invariant is broken here once`() async throws {
        let clinic = try await PaperDataFolder.small().clinic
        let elsewhere = Invariants.files(of: []) + Invariants.events(along: [])
        let sentences = Set(Invariants.all(of: clinic).map(\.sentence)).subtracting(elsewhere.map(\.sentence))
        #expect(sentences == Set(Breaking.all.map(\.sentence)))
    }
}

/// A change of rows that breaks one invariant.
struct Breaking: Sendable, CustomTestStringConvertible {
    let sentence: String
    let statements: [(service: String, sql: String)]
    let breach: String
    /// Whether it is only on its way: a payment is pending that may mend it.
    let isWaiting: Bool

    init(_ sentence: String, _ service: String, _ sql: String, breach: String, isWaiting: Bool = false) {
        self.init(sentence, [(service, sql)], breach: breach, isWaiting: isWaiting)
    }

    init(_ sentence: String, _ statements: [(service: String, sql: String)], breach: String, isWaiting: Bool = false) {
        self.sentence = sentence
        self.statements = statements
        self.breach = breach
        self.isWaiting = isWaiting
    }

    var testDescription: String { "\(sentence) – \(breach)" }

    static let all: [Breaking] =
        bookings + past + people + texts + histories + bills + payments + notifications + references
        + belongings + sourceIDs + keys + forgotten
}
