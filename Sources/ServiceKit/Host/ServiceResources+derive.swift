public import Storage
import Vocabulary

extension ServiceResources {
    /// Makes the folded texts and compared numbers of the database again, where they were made by an older program or for
    /// another country. Whoever waits for the start hears that it goes on.
    public func deriveTexts(remake: @escaping @Sendable (Transaction, _ place: Int64) throws -> Int64?) async throws {
        let recipe = TextRecipe(region: clinic.phoneRegion).description
        try await database.derive(recipe, onBatch: { [progress] in progress.tell(.migrating(step: 1, of: 1)) }, remake: remake)
    }
}
