import NIOCore

/// The body of the request under way, and what it has of the budget.
struct CollectedBody {
    private var bytes: ByteBuffer?
    private var budgeted = 0

    /// A chunked body takes its part of the budget in steps of so many bytes.
    private static let step = 64 << 10

    var byteCount: Int { bytes?.readableBytes ?? 0 }

    /// Takes the announced length of the budget; false where there isn't as much.
    mutating func announce(_ byteCount: Int, _ budget: BodyBudget, for address: ClientAddress) -> Bool {
        guard budget.take(byteCount, for: address) else { return false }
        budgeted += byteCount
        return true
    }

    /// False where the budget has no room for the body as it has grown; the bytes aren't kept then.
    mutating func append(_ more: ByteBuffer, _ budget: BodyBudget, for address: ClientAddress) -> Bool {
        let missing = byteCount + more.readableBytes - budgeted
        guard missing <= 0 || announce((missing + Self.step - 1) / Self.step * Self.step, budget, for: address) else { return false }
        if bytes == nil { bytes = more } else { bytes?.writeImmutableBuffer(more) }
        return true
    }

    /// Hands over the bytes. Their part of the budget is kept until ``giveBack(_:of:)``: somebody still holds them.
    mutating func takeBytes() -> ByteBuffer? {
        defer { bytes = nil }
        return bytes
    }

    mutating func giveBack(_ budget: BodyBudget, of address: ClientAddress) {
        budget.giveBack(budgeted, of: address)
        self = CollectedBody()
    }
}
