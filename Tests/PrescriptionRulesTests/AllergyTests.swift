import PrescriptionRules
import Testing

struct AllergyTests {
    @Test(
        arguments: [
            ("Penicillin", "Penicillin V 250 MG"), ("penicillin", "PENICILLIN V"), ("Penicillin G", "penicillin"),
            ("Penicillin G", "Penicillin V Potassium 250 MG"), ("Penicillin V (substance)", "Penicillin V 500 MG Oral Tablet"),
            ("Penicillins", "Penicillin V"), ("Penicillin", "Benzylpenicillin 1.2 g"), ("Allergy to penicillin", "Penicillin V"),
            ("Allergy to sulfa drugs (finding)", "Sulfamethoxazole 800 MG"), ("ASA", "ASA 81 mg"),
            ("Aspirin (acetylsalicylic acid)", "Acetylsalicylic acid 100 mg"), ("Aspirin (acetylsalicylic acid)", "Aspirin 100 mg"),
            ("Clavulanate", "Amoxicillin 250 MG / Clavulanate 125 MG"), ("Clavulanate potassium", "Amoxicillin/clavulanate"),
            ("Códeine", "Paracetamol 500 mg + CODEINE 30 mg"), ("Ibuprofen 400", "Ibuprofen 200 MG"), ("पेनिसिलिन", "पेनिसिलिन 250"),
            ("Sodium valproate", "Sodium Valproate 200 mg"), ("Paracetamol", "paracetamol"),
        ])
    func `an allergy stands against a medication`(allergy: String, medication: String) {
        #expect(Allergy(allergy).matches(medication))
    }

    @Test(
        arguments: [
            ("Penicillin", "Paracetamol 500 mg"), ("ASA", "Nasal spray"), ("Egg", "Eggplant extract"),
            ("Sodium valproate", "Sodium chloride 0.9 %"), ("Allergy to substance", "Substance P"), ("", "Paracetamol"),
            ("()", "Paracetamol"), ("400", "Ibuprofen 400 mg"), ("No known allergies", "Paracetamol 500 mg"),
            ("Animal dander (substance)", "Aspirin 100 mg"), ("Acetylsalicylic acid", "Folic acid 5 mg"), ("Penicillin", ""),
        ])
    func `an allergy does not stand against a medication`(allergy: String, medication: String) {
        #expect(!Allergy(allergy).matches(medication))
    }
}
