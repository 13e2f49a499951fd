extension Lexicon {
    /// Every other name of a substance, or of what a mixture holds, by each name. Names of two words stand without the space.
    static let otherNames: [Word: [Word]] = {
        var others: [Word: [Word]] = [:]
        for names in synonyms {
            for name in names { others[name, default: []] += names }
        }
        for (names, substances) in mixtures {
            let held = substances.flatMap { others[$0] ?? [$0] }
            for name in names { others[name, default: []] += held }
        }
        return others
    }()

    /// International (INN), British (BAN) and American (USAN) names of one substance, its chemical name, common abbreviations
    /// and the best known brands.
    private static let synonyms: [[Word]] = [
        ["paracetamol", "acetaminophen", "apap", "tylenol", "panadol", "crocin", "dolo"],
        ["aspirin", "acetylsalicylic", "acetylsalicylate", "acetylsalicylsäure", "asa", "disprin", "ecosprin"],
        ["ibuprofen", "advil", "brufen", "motrin", "nurofen"], ["naproxen", "aleve", "naprosyn"], ["diclofenac", "voltaren", "voltarol"],
        ["epinephrine", "adrenaline", "epipen"], ["norepinephrine", "noradrenaline"], ["salbutamol", "albuterol", "ventolin"],
        ["nitroglycerin", "glyceryltrinitrate", "gtn"], ["furosemide", "frusemide", "lasix"], ["lidocaine", "lignocaine", "xylocaine"],
        ["pethidine", "meperidine"], ["glibenclamide", "glyburide"], ["rifampicin", "rifampin"], ["phenobarbital", "phenobarbitone"],
        ["levothyroxine", "thyroxine"], ["chlorphenamine", "chlorpheniramine"], ["mesalazine", "mesalamine"], ["metamizole", "dipyrone"],
        ["ergometrine", "ergonovine"], ["dexamfetamine", "dextroamphetamine"], ["clavulanate", "clavulanic"], ["valproate", "valproic"],
        ["fusidate", "fusidic"], ["tranexamic", "txa"], ["ferrous", "ferric", "iron"], ["iodine", "iodide", "iodinated"],
        ["soy", "soya", "soybean"], ["peanut", "arachis", "groundnut"], ["trimethoprim", "tmp"], ["sulfamethoxazole", "smx", "smz"],
        ["loratadine", "claritin"],
        ["cetirizine", "zyrtec"], ["diphenhydramine", "benadryl"], ["penicillin", "pcn"],
    ]

    /// Names of several substances in one medication.
    private static let mixtures: [(names: [Word], substances: [Word])] = [
        (["cotrimoxazole", "trimoxazole", "bactrim", "septra", "septrin"], ["trimethoprim", "sulfamethoxazole"]),
        (["coamoxiclav", "amoxiclav", "augmentin"], ["amoxicillin", "clavulanate"]),
        (["tazocin", "zosyn"], ["piperacillin", "tazobactam"]),
        (["percocet"], ["paracetamol", "oxycodone"]), (["vicodin", "norco"], ["paracetamol", "hydrocodone"]),
        (["cocodamol"], ["paracetamol", "codeine"]), (["combiflam"], ["paracetamol", "ibuprofen"]),
    ]

    static let classNames = (classes + generalClasses).reduce(into: Set<Word>()) { $0.formUnion($1.names) }

    /// The classes that records name, by the stems that the WHO gives to their substances' names (INN stems), and those of
    /// their substances that have none. It is kept to what records do name. Of penicillins and of sulfonamides one stands
    /// for all.
    static let classes: [SubstanceClass] = [
        SubstanceClass(["penicillin", "pcn", "penv", "penvk", "penvee", "peng"], oneStandsForAll: true, ["-cillin-"]),
        SubstanceClass(
            ["sulfa", "sulfas", "sulfonamide", "sulfur"], oneStandsForAll: true,
            // Not sulf-: sulfites and sulfonylureas are others.
            ["sulfa-", "sulfisoxazole"]),
        SubstanceClass(["cephalosporin", "cephalosporine"], ["cef-"]),
        SubstanceClass(["betalactam", "lactam"], ["-cillin-", "cef-", "-penem", "aztreonam"]),
        SubstanceClass(["macrolide"], ["erythromycin", "clarithromycin", "azithromycin", "roxithromycin"]),
        SubstanceClass(["quinolone", "fluoroquinolone"], ["-oxacin"]), SubstanceClass(["tetracycline"], ["-cycline"]),
        SubstanceClass(["aminoglycoside"], ["gentamicin", "tobramycin", "amikacin", "streptomycin", "neomycin"]),
        SubstanceClass(
            ["nsaid", "nsaids", "antiinflammatory"],
            [
                "-profen", "-fenac", "-oxicam", "-coxib", "aspirin", "naproxen", "ketorolac", "indometacin", "mefenamic", "nimesulide",
                "etodolac", "metamizole",
            ]),
        SubstanceClass(["salicylate"], ["-salicyl-", "aspirin", "mesalazine", "sulfasalazine"]),
        SubstanceClass(
            ["opioid", "opiate", "narcotic"],
            [
                "-codone", "-morphone", "-codeine", "-fentanil", "-fentanyl", "-morphine", "tramadol", "tapentadol", "methadone",
                "pethidine",
                "buprenorphine",
            ]),
        SubstanceClass(["statin"], ["-vastatin"]), SubstanceClass(["aceinhibitor", "acei"], ["-pril"]),
        SubstanceClass(["sartan", "arb"], ["-sartan"]), SubstanceClass(["betablocker"], ["-olol"]),
        SubstanceClass(["thiazide"], ["-thiazide", "chlortalidone", "indapamide"]), SubstanceClass(["heparin"], ["-parin"]),
        SubstanceClass(["benzodiazepine"], ["-azepam", "-azolam", "chlordiazepoxide"]), SubstanceClass(["barbiturate"], ["-barbital"]),
        SubstanceClass(["localanaesthetic", "anaesthetic", "caine"], ["-cain"]), SubstanceClass(["triptan"], ["-triptan"]),
        SubstanceClass(
            ["steroid", "corticosteroid"],
            ["-cortisone", "-prednisone", "-prednisolone", "-methasone", "-metasone", "triamcinolone", "budesonide", "fluticasone"]),
        SubstanceClass(["contrast", "radiocontrast"], ["iohexol", "iopamidol", "iodixanol", "iopromide", "ioversol", "gado-", "barium"]),
        SubstanceClass(["nitrate"], ["nitroglycerin", "isosorbide"]),
        SubstanceClass(["channelblocker", "ccb"], ["-dipine", "verapamil", "diltiazem"]), SubstanceClass(["mycin"], ["-mycin"]),
        SubstanceClass(["protonpump", "ppi"], ["-prazole"]),
    ]

    /// Classes that are so wide that they are meant only where nothing else is named.
    static let generalClasses: [SubstanceClass] = [
        SubstanceClass(
            ["antibiotic", "antibacterial"],
            [
                "-cillin-", "cef-", "sulfa-", "-penem", "-oxacin", "-cycline", "-mycin", "-micin", "trimethoprim", "metronidazole",
                "nitrofurantoin", "aztreonam", "linezolid",
            ]),
        SubstanceClass(
            ["painkiller", "analgesic"],
            [
                "-profen", "-fenac", "-oxicam", "-coxib", "-codone", "-morphone", "-codeine", "aspirin", "naproxen", "paracetamol",
                "ketorolac", "metamizole", "tramadol", "morphine",
            ]),
    ]
}
