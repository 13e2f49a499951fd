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
            ["hms_audit", "hms_audit_chain", "hms_audit_purges", "hms_audit_anchors"].map {
                ("ALTER TABLE \($0) DISABLE TRIGGER USER", "ALTER TABLE \($0) ENABLE TRIGGER USER")
            }
        }
    }
}
