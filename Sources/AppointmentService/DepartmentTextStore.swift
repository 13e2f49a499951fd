import Storage
import Vocabulary

extension Transaction {
    /// Folds again the departments of appointments, each only once, and those of the read model.
    func refoldDepartments() throws {
        var folded = try department(after: "")
        while let old = folded {
            let new = FoldedText(old).text
            if new != old {
                try enqueue("UPDATE appointments SET department_folded = ? WHERE department_folded = ?", [.text(new), .text(old)])
            }
            folded = try department(after: old)
        }
        for (doctorID, department) in try rows("SELECT doctor_id, department FROM doctor_department", [], { ($0.text(0), $0.text(1)) }) {
            try enqueue(
                "UPDATE doctor_department SET department_folded = ? WHERE doctor_id = ?",
                [.text(FoldedText(department).text), .text(doctorID)])
        }
    }

    private func department(after folded: String) throws -> String? {
        try row("SELECT min(department_folded) FROM appointments WHERE department_folded > ?", [.text(folded)]) { $0.textOrNil(0) } ?? nil
    }
}
