import DoctorRules
import Testing
import Vocabulary

/// Whom a source's id means that is known already.
struct IdentificationTests {
    @Test(
        arguments: [
            // As remembered, as recorded, folded.
            ("Nadia Iyer", "Heart", "Rhythm", nil, true, true), ("Nadia Rao", "Heart", "Valves", "b@x.org", true, true),
            ("NADIA  RAÓ", "heart ", "VALVES", nil, true, true),
            // Other work, the same name.
            ("Nadia Rao", "Kidney", "Valves", nil, false, true), ("Nadia Iyer", "Kidney", "Stones", "b@x.org", false, true),
            // Another name, the same work.
            ("Nadia Menon", "Heart", "Valves", "N@x.org", false, true), ("Nadia Menon", "Heart", "Rhythm", "n@x.org", false, true),
            ("Nadia Menon", "Heart", "Valves", nil, false, false), ("Nadia Menon", "Heart", "Valves", "b@x.org", false, false),
            // Another name and other work.
            ("Nadia Menon", "Kidney", "Valves", "n@x.org", false, false), ("Nadia Menon", "Heart", "Stones", "n@x.org", false, false),
        ] as [(String, String, String, String?, Bool, Bool)])
    func `a source id means the doctor remembered, or recorded, and with an update one of other work or of another name`(
        name: String, department: String, specialization: String, email: String?, isMeant: Bool, isMeantByUpdate: Bool
    ) {
        let owner = SourceIDOwner(
            id: "doc_1", remembered: DoctorIdentity(name: "Nadia Iyer", department: "Heart", specialization: "Rhythm"),
            recorded: DoctorIdentity(name: "Nadia Rao", department: "Heart", specialization: "Valves"),
            contacts: Contacts(email: "n@x.org", phone: nil, in: .india))
        for (updates, isMeant) in [(false, isMeant), (true, isMeantByUpdate)] {
            let doctor = ImportedDoctor(
                identity: DoctorIdentity(name: name, department: department, specialization: specialization),
                arrival: Arrival(contacts: Contacts(email: email, phone: nil, in: .india), hasSourceID: true, allowsDuplicate: false),
                updates: updates)
            let answer = Identification(of: doctor, given: IdentificationFacts(owner: owner, namesakes: []))
            #expect(answer == (isMeant ? .present(owner.id, namesakes: []) : .sourceIDTaken(by: owner.id)), "update: \(updates)")
        }
    }

    @Test func `a refusal names whom it is about, twenty of them at most`() {
        let ids = (1...21).map { "doc_\($0)" }
        let taken = rejection(of: .sourceIDTaken(by: ids[0]))
        #expect(taken?.code == .sourceIDTaken && taken?.sentence.contains("doc_1,") == true)
        let undecided = rejection(of: .undecided(among: ids))
        #expect(undecided?.code == .possibleDuplicate && undecided?.sentence.contains("doc_20.") == true)
        #expect(rejection(of: .newcomer(namesakes: ids)) == nil && rejection(of: .present(ids[0], namesakes: ids)) == nil)
    }
}
