/// The conditions of a list that goes from the newest row down, written so that the first one chooses the index.
///
/// Which of several conditions leaves the fewest rows to look at only people know: the database keeps no statistics, so it
/// would take any. Give the narrowest first. The others are written as expressions, in which no index is looked for, and
/// are asked of each row that the first one finds.
///
/// ```swift
/// var conditions = ListConditions(before: end)
/// if let patientID { conditions.require("patient_id = ?", .text(patientID)) }
/// if let status { conditions.require("status = ?", .text(status)) }
/// try rows("SELECT … FROM bills WHERE \(conditions.sql) ORDER BY seq DESC LIMIT ?", conditions.arguments + [limit], …)
/// ```
public struct ListConditions: Sendable {
    /// What stands after `WHERE`.
    public private(set) var sql = "seq < ?"
    public private(set) var arguments: [SQLValue]
    private var hasIndex = false

    /// - Parameter end: the `seq` before which the page begins; nil begins with the newest row.
    public init(before end: Int64?) {
        arguments = [.integer(end ?? .max)]
    }

    public mutating func require(_ condition: String, _ values: SQLValue...) {
        require(condition, values)
    }

    public mutating func require(_ condition: String, _ values: [SQLValue]) {
        guard !hasIndex else { return check(condition, values) }
        sql += " AND \(condition)"
        hasIndex = true
        arguments += values
    }

    /// A stretch of another column that few rows lie in: all of them are found by an index over it, and sorted.
    public mutating func requireStretch(_ condition: String, _ values: [SQLValue]) {
        guard !hasIndex else { return check(condition, values) }
        // With a range of its own key at hand the database would go down the list and find the few far below.
        sql = "CASE WHEN seq < ? THEN 1 ELSE 0 END = 1 AND \(condition)"
        hasIndex = true
        arguments += values
    }

    /// A condition that is met by so many rows that going down the list finds a page of them soonest.
    public mutating func check(_ condition: String, _ values: [SQLValue]) {
        sql += " AND CASE WHEN \(condition) THEN 1 ELSE 0 END = 1"
        arguments += values
    }
}
