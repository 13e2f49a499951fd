/// Columns that are made of other columns by a program, as folded names are of names: when the program makes them otherwise,
/// those that are there have to be made again.
extension Database {
    /// Makes the derived columns of every row again, unless they were made by this recipe. What is there then is noted with
    /// the last of them; interrupted, it begins anew.
    ///
    /// - Parameter remake: makes those of the rows behind a place again, a batch of them, and answers the place behind which
    ///   it goes on; nil after the last.
    public func derive(
        _ recipe: String, onBatch: @Sendable () -> Void = {}, remake: @escaping @Sendable (Transaction, _ place: Int64) throws -> Int64?
    ) async throws {
        guard try await read({ try $0.recipe() }) != recipe else { return }
        var place: Int64? = 0
        while let start = place {
            onBatch()
            place = try await write { transaction in
                let next = try remake(transaction, start)
                if next == nil { try transaction.note(recipe: recipe) }
                return next
            }
        }
    }
}

extension Reader {
    /// How the derived columns were made; nil where none has been.
    fileprivate func recipe() throws -> String? {
        // The word is one of SQL's own.
        try row(
            """
            SELECT recipe FROM hms_recipe WHERE "only" = 1
            """
        ) { $0.text(0) }
    }
}

extension Transaction {
    fileprivate func note(recipe: String) throws {
        try execute(
            """
            INSERT INTO hms_recipe ("only", recipe) VALUES (1, ?) ON CONFLICT ("only") DO UPDATE SET recipe = excluded.recipe
            """, [.text(recipe)])
    }
}
