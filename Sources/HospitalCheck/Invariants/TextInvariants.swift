import Storage
import Vocabulary

/// What is kept beside a text to compare it is made of that text.
extension Invariants {
    static let texts = [
        Invariant(
            "Every patient's name and number are kept as they are compared", of: ["patient"],
            comparing: "SELECT patient_id, name, phone, name_folded, phone_reversed FROM patient.patients", in: "patient"
        ) { row, recipe in
            let phone = row.textOrNil(2).map { PhoneNumber($0, in: recipe.region).reversed }
            return row.text(3) == FoldedText(row.text(1)).text && row.textOrNil(4) == phone
        },
        Invariant(
            "Every doctor's name, department and specialization are kept as they are compared", of: ["doctor"],
            comparing: """
                SELECT doctor_id, name, department, specialization, name_folded, department_folded, specialization_folded
                FROM doctor.doctors
                """,
            in: "doctor"
        ) { row, _ in
            (1...3).allSatisfy { row.text($0 + 3) == FoldedText(row.text($0)).text }
        },
    ]
}

extension Invariant {
    /// - Parameters:
    ///   - comparing: SQL of rows that begin with an id.
    ///   - schema: whose note says how its texts were made comparable. Where that was by another version of the program, the
    ///     next start makes them anew, and nothing can be said.
    fileprivate init(
        _ sentence: String, of services: Set<String>, comparing sql: String, in schema: String,
        _ isTrue: @escaping @Sendable (borrowing Row, TextRecipe) -> Bool
    ) {
        self.init(sentence, of: services) { evidence in
            try evidence.files.read { reader in
                guard let recipe = try reader.textRecipe(of: schema) else { return Finding(count: 0, breaches: []) }
                let rows = try reader.rows(sql) { isTrue($0, recipe) ? nil : $0.text(0) }
                return Finding(count: rows.count, breaches: rows.compactMap { $0.map { "\($0): other texts" } })
            }
        }
    }
}

extension Reader {
    fileprivate func textRecipe(of schema: String) throws -> TextRecipe? {
        try row("SELECT recipe FROM \(schema).hms_recipe") { $0.text(0) }.flatMap { TextRecipe($0) }
    }
}
