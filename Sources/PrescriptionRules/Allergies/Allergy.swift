/// A recorded allergy, and which medications it stands against.
///
/// What is recorded is free text. It is split into parts, what it denies is left out, and so are the words that name no
/// substance. Any word that is left stands against every medication that names it, in any usual spelling, under any of its
/// names, as a part of a longer word or the other way round: «Aspirin, penicillin» and «Benzylpenicillin».
///
/// It knows no more pharmacology than ``Lexicon`` says: which names mean the same, and which substances a class holds that
/// a record names, such as «sulfa drugs». What is doubtful warns: a wrong warning costs the doctor a reason, a wrong silence
/// may cost the patient's life.
public struct Allergy: Hashable, Sendable {
    private let substances: Set<Word>
    private let classes: Set<SubstanceClass>

    public init(_ recorded: String) {
        let phrases = RecordedText(recorded).affirmed
        substances = Set(phrases.flatMap(\.substances))
        classes = Set(phrases.flatMap(\.classes))
    }

    public func matches(_ medication: String) -> Bool {
        let names = RecordedText(medication).phrases.flatMap(\.names)
        return names.contains { name in
            substances.contains { $0.isSubstance(of: name) } || classes.contains { $0.holds(name) }
        }
    }
}
