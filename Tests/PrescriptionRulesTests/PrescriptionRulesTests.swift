import PrescriptionRules
import Testing
import Vocabulary

struct PrescriptionRulesTests {
    @Test func `a wish that breaks no rule is granted`() {
        #expect(codes(wish(), facts()) == [])
        #expect(codes(wish(patientID: "pat_1", doctorID: "doc_1"), facts()) == [])
    }

    @Test func `only an appointment that is checked in or completed is eligible`() {
        #expect(codes(wish(), facts(isEligible: false)) == [.appointmentNotEligible])
    }

    @Test func `patient and doctor are the appointment's, where they are given`() {
        #expect(codes(wish(patientID: "pat_2"), facts()) == [.patientMismatch])
        #expect(codes(wish(doctorID: "doc_2"), facts()) == [.doctorMismatch])
    }

    @Test func `an allergy stands against its medication until a reason overrides it`() {
        #expect(codes(wish(), facts(allergies: ["Latex", "Amoxicillin"])) == [.allergyConflict])
        #expect(codes(wish(overridesAllergies: true), facts(allergies: ["Amoxicillin"])) == [])
        #expect(codes(wish(), facts(allergies: ["Latex"])) == [])
    }

    @Test func `every broken rule is told, in the order of the rules`() {
        let broken = codes(wish(patientID: "pat_2", doctorID: "doc_2"), facts(isEligible: false, allergies: ["Amoxicillin"]))
        #expect(broken == [.appointmentNotEligible, .patientMismatch, .doctorMismatch, .allergyConflict])
    }

    @Test func `of an imported visit an allergy stands against nothing, but every other rule does`() {
        let facts = facts(isEligible: false, allergies: ["Amoxicillin"], isHistory: true)
        #expect(rejectionsOfImport(of: wish(patientID: "pat_2"), given: facts).map(\.code) == [.appointmentNotEligible, .patientMismatch])
        #expect(needsOverride(wish(), given: facts) && !needsOverride(wish(overridesAllergies: true), given: facts))
        #expect(codes(wish(), self.facts(allergies: ["Amoxicillin"], isHistory: true)) == [.allergyConflict])
        let own = self.facts(allergies: ["Amoxicillin"])
        #expect(rejectionsOfImport(of: wish(), given: own).map(\.code) == [.allergyConflict])
    }

    private func codes(_ wish: PrescriptionWish, _ facts: PrescriptionFacts) -> [RejectionCode] {
        rejections(of: wish, given: facts).map(\.code)
    }

    private func wish(patientID: String? = nil, doctorID: String? = nil, overridesAllergies: Bool = false) -> PrescriptionWish {
        PrescriptionWish(
            patientID: patientID, doctorID: doctorID,
            medication: "Amoxicillin 500 mg", overridesAllergies: overridesAllergies)
    }

    private func facts(isEligible: Bool = true, allergies: [String] = [], isHistory: Bool = false) -> PrescriptionFacts {
        PrescriptionFacts(
            isEligible: isEligible, patientID: "pat_1", doctorID: "doc_1", allergies: allergies,
            isHistory: isHistory)
    }
}
