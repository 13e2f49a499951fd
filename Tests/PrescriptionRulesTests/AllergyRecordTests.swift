import PrescriptionRules
import Testing

/// Every allergy and every medication of a synthetic clinic's records, as they stand there, each against each.
struct AllergyRecordTests {
    static let allergies = [
        "Mold (organism)", "House dust mite (organism)", "Animal dander (substance)", "Grass pollen (substance)",
        "Eggs (edible) (substance)",
        "Shellfish (substance)", "Tree pollen (substance)", "Fish (substance)", "Cow's milk (substance)", "Peanut (substance)", "Aspirin",
        "Latex (substance)", "Penicillin V", "Bee venom (substance)", "Tree nut (substance)", "Wheat (substance)",
    ]

    /// What each holds, in one name for each substance; a pack that does not say holds itself.
    static let medications: [(text: String, substances: Set<String>)] = [
        ("lisinopril 10 MG Oral Tablet", ["lisinopril"]), ("Hydrochlorothiazide 25 MG Oral Tablet", ["hydrochlorothiazide"]),
        ("amLODIPine 2.5 MG Oral Tablet", ["amlodipine"]), ("Amlodipine 5 MG Oral Tablet", ["amlodipine"]),
        ("NDA020503 200 ACTUAT Albuterol 0.09 MG/ACTUAT Metered Dose Inhaler", ["albuterol"]),
        ("120 ACTUAT Fluticasone propionate 0.044 MG/ACTUAT Metered Dose Inhaler", ["fluticasone"]),
        ("Simvastatin 10 MG Oral Tablet", ["simvastatin"]), ("Simvastatin 20 MG Oral Tablet", ["simvastatin"]),
        ("Acetaminophen 325 MG / Oxycodone Hydrochloride 10 MG Oral Tablet [Percocet]", ["acetaminophen", "oxycodone"]),
        ("Acetaminophen 325 MG Oral Tablet [Tylenol]", ["acetaminophen"]), ("Acetaminophen 325 MG Oral Tablet", ["acetaminophen"]),
        ("Acetaminophen 500 MG Oral Tablet", ["acetaminophen"]),
        ("Acetaminophen 325 MG / HYDROcodone Bitartrate 7.5 MG Oral Tablet", ["acetaminophen", "hydrocodone"]),
        ("NDA020800 0.3 ML Epinephrine 1 MG/ML Auto-Injector", ["epinephrine"]),
        ("Nitroglycerin 0.4 MG/ACTUAT Mucosal Spray", ["nitroglycerin"]), ("Loratadine 5 MG Chewable Tablet", ["loratadine"]),
        ("Jolivette 28 Day Pack", ["jolivette"]), ("1 ML medroxyPROGESTERone acetate 150 MG/ML Injection", ["medroxyprogesterone"]),
        ("Clopidogrel 75 MG Oral Tablet", ["clopidogrel"]), ("NuvaRing 0.12/0.015 MG per 24HR 21 Day Vaginal Ring", ["nuvaring"]),
        ("Fexofenadine hydrochloride 30 MG Oral Tablet", ["fexofenadine"]), ("Ibuprofen 100 MG Oral Tablet", ["ibuprofen"]),
        ("diphenhydrAMINE Hydrochloride 25 MG Oral Tablet", ["diphenhydramine"]), ("Atorvastatin 80 MG Oral Tablet", ["atorvastatin"]),
        ("Captopril 25 MG Oral Tablet", ["captopril"]), ("ferrous sulfate 325 MG Oral Tablet", ["iron"]),
        ("Astemizole 10 MG Oral Tablet", ["astemizole"]), ("0.4 ML Enoxaparin sodium 100 MG/ML Prefilled Syringe", ["enoxaparin"]),
        ("1 ML Enoxaparin sodium 150 MG/ML Prefilled Syringe", ["enoxaparin"]), ("Terfenadine 60 MG Oral Tablet", ["terfenadine"]),
        ("Naproxen sodium 220 MG Oral Tablet", ["naproxen"]),
        ("Amoxicillin 250 MG / Clavulanate 125 MG Oral Tablet", ["amoxicillin", "clavulanate"]),
    ]

    @Test(arguments: allergies)
    func `of all that the clinic prescribes, recorded allergies stand against penicillins alone`(allergy: String) {
        let warned = Self.medications.map(\.text).filter { Allergy(allergy).matches($0) }
        #expect(warned == (allergy == "Penicillin V" ? ["Amoxicillin 250 MG / Clavulanate 125 MG Oral Tablet"] : []))
    }

    @Test(arguments: ["", "Allergy to ", "Anaphylaxis: ", "History of rash with ", "Latex and "])
    func `a medication that is recorded as an allergy stands against all that share a substance with it, and no other`(phrase: String) {
        for recorded in Self.medications {
            let allergy = Allergy(phrase + recorded.text)
            for medication in Self.medications {
                let isShared = !recorded.substances.isDisjoint(with: medication.substances)
                #expect(allergy.matches(medication.text) == isShared, "\(phrase)\(recorded.text) against \(medication.text)")
            }
        }
    }

    @Test(arguments: ["Denies allergy to ", "Not allergic to ", "No known allergy to "])
    func `a medication that is denied stands against nothing but what the text says besides`(phrase: String) {
        for medication in ["Aspirin", "Penicillin V", "Loratadine 5 MG Chewable Tablet"] {
            #expect(!Allergy(phrase + medication).matches(medication))
            #expect(Allergy("\(phrase)\(medication); codeine").matches("Codeine 30 mg"))
        }
    }
}
