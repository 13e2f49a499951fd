/// Where a PAID bill stands once so much of it was given back.
public func state(of amount: Int64, afterRefunds refunded: Int64) -> BillState {
    if refunded <= 0 { return .paid }
    return refunded < amount ? .partiallyRefunded : .refunded
}
