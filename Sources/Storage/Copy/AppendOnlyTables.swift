extension Transaction {
    /// Lets a copy that is begun anew empty what is append-only otherwise.
    @discardableResult
    func withAuditOpen<T>(_ body: () throws -> T) throws -> T {
        let triggers = try auditTriggers()
        for trigger in triggers { try execute(trigger.closing) }
        let result = try body()
        for trigger in triggers { try execute(trigger.opening) }
        return result
    }

    /// What stops the triggers of the audit, and what makes them work again.
    private func auditTriggers() throws -> [(closing: String, opening: String)] {
        switch dialect {
        case .sqlite:
            try rows("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name LIKE 'hms_audit%'") {
                ("DROP TRIGGER \($0.text(0))", $0.text(1))
            }
        case .postgres:
            Self.auditTables.map {
                ("ALTER TABLE \($0) DISABLE TRIGGER USER", "ALTER TABLE \($0) ENABLE TRIGGER USER")
            }
        }
    }
}

extension Reader {
    /// The triggers of the audit that are gone or stopped, so that nothing keeps it append-only.
    ///
    /// - Parameter schema: `patient.`, where databases stand side by side; empty for the reader's own.
    func missingAuditTriggers(in schema: String) throws -> [String] {
        let names =
            switch dialect {
            case .sqlite:
                try rows("SELECT name FROM \(schema)sqlite_master WHERE type = 'trigger' AND tbl_name LIKE 'hms_audit%'") { $0.text(0) }
            case .postgres: try workingTriggers(of: Self.auditTables.map { "' \(schema)\($0)'::regclass" })
            }
        return Self.auditTriggers(of: dialect).filter { !names.contains($0) }
    }

    /// - Parameter tables: each with a space before its schema, by which that is known.
    private func workingTriggers(of tables: [String]) throws -> [String] {
        try rows(
            "SELECT tgname::text FROM pg_trigger WHERE tgenabled IN ('O', 'A') AND tgrelid IN (\(tables.joined(separator: ", ")))"
        ) { $0.text(0) }
    }

    fileprivate static var auditTables: [String] { ["hms_audit", "hms_audit_chain", "hms_audit_purges", "hms_audit_anchors"] }

    private static func auditTriggers(of dialect: SQLDialect) -> [String] {
        switch dialect {
        case .sqlite: auditTables.flatMap { ["\($0)_kept", "\($0)_unchanged"] }
        case .postgres:
            auditTables.map { "\($0)_kept" }
                + ["hms_audit", "hms_audit_chain", "hms_audit_anchors"].flatMap { ["\($0)_unchanged", "\($0)_whole"] }
        }
    }
}
