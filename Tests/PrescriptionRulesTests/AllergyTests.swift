import PrescriptionRules
import Testing

/// What people write into a record, and which medication it stands against.
struct AllergyTests {
    /// As reception types them.
    static let conflicts: [(allergy: String, medication: String)] = [
        // One word, in any case, number and accent.
        ("Penicillin", "Penicillin V 250 MG"), ("penicillin", "PENICILLIN V"), ("Penicillins", "Penicillin V"),
        ("Penicillin G", "Penicillin V Potassium 250 MG"), ("Penicillin V (substance)", "Penicillin V 500 MG Oral Tablet"),
        ("Códeine", "Paracetamol 500 mg + CODEINE 30 mg"), ("पेनिसिलिन", "पेनिसिलिन 250"), ("ASA", "ASA 81 mg"),
        ("Ibuprofen 400", "Ibuprofen 100 MG Oral Tablet"), ("amlodipine", "amLODIPine 2.5 MG Oral Tablet"),
        // Phrases around it.
        ("Anaphylaxis to penicillin", "Penicillin V 250 MG"), ("Hypersensitive to aspirin", "Aspirin 100 mg"),
        ("History of anaphylaxis after ibuprofen", "Ibuprofen 100 MG Oral Tablet"),
        ("h/o rash with naproxen", "Naproxen sodium 220 MG Oral Tablet"),
        ("Allergy to penicillin", "Penicillin V"), ("Penicillin: hives", "Penicillin V"),
        ("Swelling of the lips from lisinopril", "lisinopril 10 MG Oral Tablet"),
        ("severe reaction to simvastatin in 2019", "Simvastatin 20 MG Oral Tablet"), ("?clopidogrel", "Clopidogrel 75 MG Oral Tablet"),
        ("Allergic skin rash (captopril)", "Captopril 25 MG Oral Tablet"), ("Loratadine – itching", "Loratadine 5 MG Chewable Tablet"),
        ("No penicillin!", "Penicillin V"), ("Avoid aspirin", "Aspirin 100 mg"),
        ("Cannot tolerate atorvastatin", "Atorvastatin 80 MG Oral Tablet"),
        // Several in one text.
        ("Aspirin, penicillin", "Penicillin V"), ("Aspirin; penicillin", "Penicillin V"), ("Aspirin/penicillin", "Penicillin V"),
        ("Aspirin + penicillin", "Penicillin V"), ("Aspirin & penicillin", "Penicillin V"), ("Aspirin and penicillin", "Penicillin V"),
        ("Latex - penicillin", "Penicillin V"), ("latex, nuts and codeine", "Codeine 30 mg"),
        ("Peanut (substance), Fexofenadine", "Fexofenadine hydrochloride 30 MG Oral Tablet"),
        ("Aspirin (acetylsalicylic acid)", "Acetylsalicylic acid 100 mg"), ("Aspirin (acetylsalicylic acid)", "Aspirin 100 mg"),
        // Any word of a medication.
        ("Clavulanate", "Amoxicillin 250 MG / Clavulanate 125 MG Oral Tablet"), ("Clavulanate potassium", "Amoxicillin/clavulanate"),
        ("Oxycodone", "Acetaminophen 325 MG / Oxycodone Hydrochloride 10 MG Oral Tablet [Percocet]"),
        ("Percocet", "Acetaminophen 325 MG Oral Tablet [Tylenol]"), ("Tylenol", "Acetaminophen 500 MG Oral Tablet"),
        ("Trimethoprim/Sulfamethoxazole", "Sulfamethoxazole 800 MG / Trimethoprim 160 MG Oral Tablet"),
        ("sulfamethoxazole-trimethoprim", "Trimethoprim 100 mg"), ("Co-trimoxazole", "Sulfamethoxazole 400 MG / Trimethoprim 80 MG"),
        ("co trimoxazole", "Cotrimoxazole 480 mg"), ("TMP-SMX", "Trimethoprim + Sulfamethoxazole"), ("Bactrim", "Sulfamethoxazole 800 MG"),
        // Words in words, both ways.
        ("Penicillin", "Benzylpenicillin 1.2 g"), ("Benzylpenicillin", "Penicillin V 250 MG"), ("Cortisone", "Hydrocortisone 1 % Cream"),
        ("Progesterone", "1 ML medroxyPROGESTERone acetate 150 MG/ML Injection"), ("Ethinylestradiol", "Estradiol 1 MG"),
        ("Amoxicillin and clavulanate", "Clavulanate 125 MG"), ("Multivitamin", "Vitamin D3 1000 UNT"),
        // Spellings.
        ("Amoxycillin", "Amoxicillin 500 mg"), ("Amoxicilline", "Amoxicillin 500 mg"), ("Penicilina", "Penicillin V"),
        ("Penicilin", "Penicillin V"), ("Asprin", "Aspirin 100 mg"), ("Cephalexin", "Cefalexin 500 mg"), ("Oestradiol", "Estradiol 1 MG"),
        ("Sulphamethoxazole", "Sulfamethoxazole 800 MG"), ("Cyclosporin", "Ciclosporin 25 mg"), ("Indomethacin", "Indometacin 25 mg"),
        ("Ibuprofeno", "Ibuprofen 100 MG Oral Tablet"), ("Acetyl-salicylic acid", "Aspirin 100 mg"),
        ("acetyl salicylic acid", "Aspirin 75 mg"),
        // Other names of the same.
        ("Paracetamol", "Acetaminophen 325 MG Oral Tablet"), ("Acetylsalicylic acid", "Aspirin 100 mg"),
        ("Adrenaline", "NDA020800 0.3 ML Epinephrine 1 MG/ML Auto-Injector"),
        ("Salbutamol", "NDA020503 200 ACTUAT Albuterol 0.09 MG/ACTUAT Metered Dose Inhaler"),
        ("Glyceryl trinitrate", "Nitroglycerin 0.4 MG/ACTUAT Mucosal Spray"),
        ("Iron", "ferrous sulfate 325 MG Oral Tablet"), ("Co-amoxiclav", "Amoxicillin 250 MG / Clavulanate 125 MG Oral Tablet"),
        ("Clavulanic acid", "Clavulanate 125 MG"), ("Iodine", "Potassium iodide 65 MG"),
        // Classes that the text names.
        ("Penicillin", "Amoxicillin 250 MG / Clavulanate 125 MG Oral Tablet"), ("Amoxicillin", "Penicillin V 250 MG"),
        ("PCN", "Ampicillin 500 mg"),
        ("Allergy to sulfa drugs (finding)", "Sulfamethoxazole 800 MG"), ("Sulpha", "Sulfadiazine 500 mg"),
        ("sulfonamides", "Sulfasalazine 500 MG"),
        ("Sulphur drugs", "Co-trimoxazole 480 mg"), ("NSAIDs", "Naproxen sodium 220 MG Oral Tablet"),
        ("Statins", "Simvastatin 10 MG Oral Tablet"),
        ("ACE inhibitors", "lisinopril 10 MG Oral Tablet"), ("Opiates", "Acetaminophen 325 MG / HYDROcodone Bitartrate 7.5 MG Oral Tablet"),
        ("Heparin", "0.4 ML Enoxaparin sodium 100 MG/ML Prefilled Syringe"), ("Thiazides", "Hydrochlorothiazide 25 MG Oral Tablet"),
        ("Cephalosporins", "Ceftriaxone 1 g"), ("Local anaesthetics", "Lignocaine 2 %"), ("contrast dye", "Iohexol 300 MG/ML"),
        ("Antibiotics", "Amoxicillin 500 mg"), ("allergic to all painkillers", "Ibuprofen 100 MG Oral Tablet"),
        ("Calcium channel blockers", "amLODIPine 2.5 MG Oral Tablet"), ("Beta-blockers", "Metoprolol 50 MG"), ("Pen VK", "Penicillin V"),
        ("Augmentin: rash", "Penicillin V 250 MG"), ("Arachis oil", "Peanut oil enema"),
        // Where salts are all that is named.
        ("Potassium chloride", "Potassium chloride 10 MEQ Extended Release Oral Tablet"),
        ("Ferrous sulfate", "ferrous sulfate 325 MG Oral Tablet"),
        ("Zinc", "Zinc oxide 20 % ointment"), ("Sodium valproate", "Sodium Valproate 200 mg"),
        ("Lithium carbonate", "Lithium citrate 300 mg"),
        // What is denied is not what stands beside it.
        ("NKDA except penicillin", "Penicillin V"), ("No known drug allergies but aspirin", "Aspirin 100 mg"),
        ("NKDA. Latex, codeine", "Codeine 30 mg"),
        ("No allergy to latex, penicillin: rash", "Penicillin V"), ("Denies latex and penicillin gives a rash", "Penicillin V"),
        ("Denies latex; aspirin", "Aspirin 100 mg"), ("No known anaphylaxis to penicillin", "Penicillin V"),
        ("No severe allergy to aspirin", "Aspirin 100 mg"),
    ]

    @Test(arguments: conflicts)
    func `an allergy stands against a medication`(allergy: String, medication: String) {
        #expect(Allergy(allergy).matches(medication))
    }

    /// What must not be warned of: a warning that comes always is heard never.
    static let harmless: [(allergy: String, medication: String)] = [
        ("Penicillin", "Paracetamol 500 mg"), ("Penicillin", ""), ("", "Paracetamol"), ("()", "Paracetamol"), ("400", "Ibuprofen 400 mg"),
        // Short words are not found in longer ones.
        ("ASA", "Nasal spray"), ("Egg", "Eggplant extract"), ("Nut", "Nutmeg"), ("Iron", "Environ"),
        // Salts are not substances.
        ("Sodium valproate", "Sodium chloride 0.9 %"), ("Naproxen sodium", "0.4 ML Enoxaparin sodium 100 MG/ML Prefilled Syringe"),
        ("Morphine sulfate", "ferrous sulfate 325 MG Oral Tablet"), ("Morphine sulphate", "ferrous sulfate 325 MG Oral Tablet"),
        ("Fexofenadine hydrochloride", "diphenhydrAMINE Hydrochloride 25 MG Oral Tablet"), ("Potassium chloride", "Sodium chloride 0.9 %"),
        ("Penicillin V Potassium", "Potassium chloride 10 MEQ Oral Tablet"), ("Magnesium sulfate", "Morphine sulfate 10 mg"),
        ("Fluticasone propionate", "Clobetasol propionate 0.05 % Cream"),
        ("Medroxyprogesterone acetate", "Calcium acetate 667 MG"), ("Amlodipine besylate", "Bepotastine besilate"),
        ("Allergy to sulfates", "Morphine sulfate"),
        // Sulfa drugs are neither sulfates nor sulfites.
        ("Sulfa", "ferrous sulfate 325 MG Oral Tablet"), ("sulpha drugs", "Magnesium sulphate"), ("Sulfa", "Sodium metabisulfite"),
        // Acids, forms and units are no names.
        ("Acetylsalicylic acid", "Folic acid 5 mg"), ("Oral allergy syndrome", "lisinopril 10 MG Oral Tablet"),
        ("Skin rash", "Skin cream"), ("Allergic reaction to tablets", "Clopidogrel 75 MG Oral Tablet"),
        ("Nasal congestion from latex", "Oxymetazoline Nasal Spray"),
        ("Allergy to substance", "Substance P"), ("eye swelling", "Eye drops"),
        ("Castor oil", "Fish oil 1000 MG"), ("Clopidogrel bisulfate", "ferrous sulfate 325 MG Oral Tablet"),
        // Classes hold their own only.
        ("Penicillin", "Cephalexin 500 mg"), ("Penicillin", "Erythromycin 250 mg"), ("Statins", "Nystatin 100000 UNT/ML"),
        ("Aspirin", "Ibuprofen 100 MG Oral Tablet"),
        ("Codeine", "HYDROmorphone 2 MG"), ("Lisinopril", "Captopril 25 MG Oral Tablet"), ("Vancomycin", "Erythromycin 250 mg"),
        ("Prednisone", "Propranolol 10 mg"), ("Clonazepam", "Carbamazepine 200 mg"),
        ("Sulfa antibiotics", "Amoxicillin 500 mg"), ("Calcium channel blockers", "Calcium acetate 667 MG"),
        ("ACE bandage", "Captopril 25 MG"),
        // Denials.
        ("No known allergies", "Paracetamol 500 mg"), ("No known drug allergies", "Aspirin 100 mg"), ("NKDA", "Aspirin 100 mg"),
        ("NKA", "Penicillin V"),
        ("None", "Aspirin 100 mg"), ("nil known", "Aspirin 100 mg"), ("Denies allergy to penicillin", "Penicillin V"),
        ("Patient denies penicillin", "Penicillin V"), ("denies any allergic reaction to aspirin", "Aspirin 100 mg"),
        ("Denies penicillin and sulfa", "Sulfamethoxazole 800 MG"), ("Not allergic to penicillin", "Penicillin V"),
        ("No known allergy to aspirin", "Aspirin 100 mg"),
        ("No penicillin allergy", "Penicillin V"), ("no history of allergy to codeine", "Codeine 30 mg"),
        ("No drug or food allergies", "Aspirin 100 mg"),
        ("No Known Drug Allergy (NKDA)", "Penicillin V"), ("Allergies: none known", "Aspirin 100 mg"),
        ("no reported allergies", "Aspirin 100 mg"),
        ("No known allergies to penicillin or aspirin", "Aspirin 100 mg"), ("no hx of allergy to latex / penicillin", "Penicillin V"),
    ]

    @Test(arguments: harmless)
    func `an allergy does not stand against a medication`(allergy: String, medication: String) {
        #expect(!Allergy(allergy).matches(medication))
    }
}
