/// All that ``Allergy`` knows of words. Each list says where its words come from; a word that is missing makes a needless
/// warning at most, where both texts hold it.
enum Lexicon {
    // MARK: How texts are put together

    static let joints: Set<Word> = ["and", "or", "nor", "plus", "und", "et", "e"]
    static let contrasts: Set<Word> = ["but", "except", "excluding", "however", "although", "though", "apart", "besides", "than", "unless"]

    // MARK: How allergies are denied

    static let denials: Set<Word> = ["denies", "deny", "denied", "denying"]
    static let negations: Set<Word> = ["no", "not", "nil", "without"]
    static let allergy: Word = "allergy"
    /// What is denied where it follows a negation at once.
    static let deniable: Set<Word> = [
        "known", "allergy", "allergic", "history", "hx", "evidence", "sensitive", "hypersensitive", "intolerant",
    ]
    /// Where one of these is denied, something weaker may be so.
    static let strengths: Set<Word> = [
        "severe", "serious", "major", "significant", "strong", "true", "proven", "confirmed", "certain", "sure", "longer", "only", "just",
    ]

    // MARK: Words that name no substance

    /// What follows is no name in a record, and none in a medication.
    static let fillers: Set<Word> = reactions.union(strengths).union(negations).union(denials).union(deniable).union(phrases)
        .union(anatomy).union(doseForms).union(statements)

    /// What an allergy does, in the words of SNOMED CT's findings and of patients.
    static let reactions: Set<Word> = [
        "anaphylaxis", "anaphylactic", "anaphylactoid", "angioedema", "angio", "asthma", "blister", "breathless", "bronchospasm", "burning",
        "collapse", "conjunctivitis", "cough", "dermatitis", "diarrhoea", "dizziness", "dyspnea", "dyspnoea", "eczema", "edema", "oedema",
        "erythema", "eruption", "fainting", "fever", "flushing", "headache", "hives", "hypotension", "itch", "itching", "itchy", "nausea",
        "pain", "palpitations", "pruritus", "rash", "redness", "rhinitis", "rhinoconjunctivitis", "shock", "sneezing", "swelling",
        "swollen",
        "urticaria", "vomiting", "vomit", "vomited", "wheal", "wheeze", "wheezing", "gives", "gave", "causes", "caused",
    ]

    /// What people put around a name, and the tags of SNOMED CT's terms: «Allergy to … (finding)».
    private static let phrases: Set<Word> = [
        "a", "about", "acid", "active", "acute", "adult", "adverse", "after", "again", "against", "age", "agent", "all", "allergen",
        "allergie", "allergisch", "allergique", "alergia", "alergico", "an", "any", "are", "as", "at", "avoid", "bad", "be", "because",
        "been", "born", "by", "can", "cannot", "child", "childhood", "children", "chronic", "class", "compound", "containing", "contact",
        "could", "da", "day", "de", "derivative", "did", "difficulty", "disorder", "do", "does", "drug", "due", "during", "edible",
        "environmental", "extreme", "family", "fatal", "father", "finding", "food", "for", "from", "gegen", "generic", "get", "gets",
        "getting", "given", "got", "group", "had", "has", "have", "he", "her", "him", "his", "hypersensitivity", "if", "in", "ingredient",
        "into", "intolerance", "is", "it", "la", "life", "made", "makes", "me", "medication", "medicine", "mild", "moderate", "month",
        "mother", "my", "never", "of", "on", "organism", "other", "patient", "per", "possible", "preparation", "previous", "prior",
        "probable", "product", "propensity", "reaction", "react", "reacted", "recorded", "reported", "reports", "salt", "says",
        "sensitivity",
        "she", "shortness", "similar", "since", "situation", "some", "states", "such", "substance", "suspected", "syndrome", "take",
        "taken", "taking", "that", "the", "their", "this", "threatening", "to", "told", "tolerate", "tolerated", "toxicity", "type",
        "unknown", "unspecified", "used", "very", "was", "week", "were", "when", "which", "while", "with", "year", "years",
    ]

    private static let anatomy: Set<Word> = [
        "abdominal", "airway", "arm", "blood", "body", "breath", "breathing", "chest", "ear", "eye", "face", "facial", "hand", "head",
        "heart", "leg", "lip", "lung", "mouth", "nasal", "nose", "skin", "stomach", "throat", "tongue", "whole",
    ]

    /// RxNorm's dose forms and units, and those on packages.
    private static let doseForms: Set<Word> = [
        "actuat", "auto", "autoinjector", "bag", "bottle", "caplet", "capsule", "chewable", "cream", "delayed", "dispersible", "dose",
        "drop", "enteric", "coated", "extended", "extra", "film", "foam", "forte", "gel", "gram", "granules", "hour", "hr", "infusion",
        "inhalation", "inhaler", "injectable", "injection", "injector", "intravenous", "iv", "kit", "liquid", "lotion", "lozenge", "mcg",
        "meq", "metered", "mg", "microgram", "milligram", "ml", "modified", "mouthwash", "mucosal", "oil", "ointment", "ophthalmic", "oral",
        "pack",
        "patch", "pen", "pill", "powder", "prefilled", "rectal", "release", "relief", "retard", "ring", "solution", "spray", "sr",
        "strength", "sublingual", "suppository", "suspension", "sustained", "syringe", "syrup", "tablet", "tab", "topical", "transdermal",
        "unit", "unt", "vaginal", "vial", "xl", "xr",
    ]

    /// That there is nothing to say.
    private static let statements: Set<Word> = ["nkda", "nka", "nkma", "nkfa", "none", "nothing", "na", "yes"]

    // MARK: What substances are bound to

    /// Counter-ions and hydrates of the pharmacopoeias: many medications have them in common. Not those that are substances
    /// themselves: iodide, lithium, iron.
    static let salts: Set<Word> = [
        "acetate", "anhydrous", "benzoate", "besylate", "bicarbonate", "bisulfate", "bitartrate", "bromide", "carbonate", "chloride",
        "citrate",
        "decanoate", "dihydrate", "dihydrochloride", "dipropionate", "disodium", "edisylate", "embonate", "enanthate", "fumarate",
        "furoate",
        "gluconate", "hcl", "hemihydrate", "hyclate", "hydrobromide", "hydrochloride", "hydroxide", "lactate", "maleate", "mesylate",
        "monohydrate", "nitrate", "oxide", "palmitate", "pamoate", "phosphate", "propionate", "stearate", "succinate", "sulfate",
        "tartrate", "tosylate", "trihydrate", "valerate", "xinafoate",
    ]

    /// A salt where a substance stands beside them, and the substance where none does.
    static let metals: Set<Word> = ["aluminium", "aluminum", "ammonium", "calcium", "magnesium", "potassium", "sodium", "zinc"]
}
