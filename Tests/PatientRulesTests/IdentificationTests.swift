import PatientRules
import Testing
import Vocabulary

/// Whom a source's id means that is known already.
struct IdentificationTests {
    private let ada = PatientIdentity(name: "Ada Lovelace", dob: "1815-12-10")
    private let renamed = PatientIdentity(name: "Ada King", dob: "1815-12-10")

    private func identification(
        name: String, dob: String, updates: Bool, email: String? = "ada@x.org", namesakes: [Namesake] = [],
        allowsDuplicate: Bool = false
    ) -> Identification {
        let patient = ImportedPatient(
            identity: PatientIdentity(name: name, dob: dob),
            arrival: Arrival(contacts: Contacts(email: email, phone: nil, in: .india), hasSourceID: true, allowsDuplicate: allowsDuplicate),
            updates: updates)
        let owner = SourceIDOwner(
            id: "pat_1", remembered: ada, recorded: renamed,
            contacts: Contacts(email: "ada@x.org", phone: "11", in: .india))
        return Identification(of: patient, given: IdentificationFacts(owner: owner, namesakes: namesakes))
    }

    @Test(
        arguments: [
            // As remembered, as recorded, folded.
            ("Ada Lovelace", "1815-12-10", "ada@x.org", true, true), ("Ada King", "1815-12-10", nil, true, true),
            ("ADA  KÍNG", "1815-12-10", "b@x.org", true, true),
            // The name or the date of birth is another one.
            ("Ada Byron", "1815-12-10", "ada@x.org", false, true), ("Ada King", "1815-12-11", "ADA@x.org", false, true),
            ("Ada Lovelace", "1815-12-11", "ada@x.org", false, true), ("Ada Byron", "1815-12-10", nil, false, false),
            ("Ada Byron", "1815-12-10", "b@x.org", false, false), ("Ada King", "1815-12-11", nil, false, false),
            // Both are.
            ("Ada Byron", "1815-12-11", "ada@x.org", false, false),
        ] as [(String, String, String?, Bool, Bool)])
    func `a source id means the patient remembered, or recorded, and with an update one corrected in one part`(
        name: String, dob: String, email: String?, isMeant: Bool, isMeantByUpdate: Bool
    ) {
        let owner = "pat_1"
        let (present, taken) = (Identification.present(owner, namesakes: []), Identification.sourceIDTaken(by: owner))
        #expect(identification(name: name, dob: dob, updates: false, email: email) == (isMeant ? present : taken))
        #expect(identification(name: name, dob: dob, updates: true, email: email) == (isMeantByUpdate ? present : taken))
    }

    @Test func `a correction that makes a namesake asks as a new patient does`() {
        let other = "pat_2"
        let unclear = Namesake(
            id: other, contacts: Contacts(email: nil, phone: nil, in: .india), hasOtherSourceID: false, hasAllThatIsSaid: true)
        let different = Namesake(
            id: other, contacts: Contacts(email: "b@x.org", phone: nil, in: .india), hasOtherSourceID: false, hasAllThatIsSaid: true)
        let owner = "pat_1"
        func correcting(_ namesake: Namesake, allowsDuplicate: Bool = false) -> Identification {
            identification(
                name: "Ada Byron", dob: "1815-12-10", updates: true, namesakes: [namesake], allowsDuplicate: allowsDuplicate)
        }
        #expect(correcting(unclear) == .undecided(among: [other]))
        #expect(correcting(unclear, allowsDuplicate: true) == .present(owner, namesakes: [other]))
        #expect(correcting(different) == .present(owner, namesakes: [other]))
        // What leaves name and date of birth alone meets nobody.
        #expect(identification(name: "Ada King", dob: "1815-12-10", updates: true, namesakes: [unclear]) == .present(owner, namesakes: []))
    }

    @Test func `a refusal names whom it is about, twenty of them at most`() {
        let ids = (1...21).map { "pat_\($0)" }
        let taken = rejection(of: .sourceIDTaken(by: ids[0]))
        #expect(taken?.code == .sourceIDTaken && taken?.sentence.contains("pat_1,") == true)
        let undecided = rejection(of: .undecided(among: ids))
        #expect(undecided?.code == .possibleDuplicate && undecided?.sentence.contains("pat_20.") == true)
        #expect(rejection(of: .newcomer(namesakes: ids)) == nil && rejection(of: .present(ids[0], namesakes: ids)) == nil)
    }

    @Test func `allergies are added once, in any case and spacing, and never taken away`() {
        #expect(allergies(["Penicillin"], with: []) == ["Penicillin"])
        #expect(allergies(["Penicillin"], with: ["PENICILLIN ", "Latex", "latex"]) == ["Penicillin", "Latex"])
        #expect(allergies([], with: ["Latex"]) == ["Latex"])
    }

    @Test(arguments: [(99, true), (100, true), (101, false)])
    func `a record holds a hundred allergies`(count: Int, isAllowed: Bool) {
        let rejection = rejection(ofAllergies: (0..<count).map { "Substance \($0)" }, field: "allergy")
        #expect(rejection?.code == (isAllowed ? nil : .invalidArgument) && rejection?.field == (isAllowed ? nil : "allergy"))
    }
}
