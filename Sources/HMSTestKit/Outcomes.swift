public import RPC

/// Why a call was refused; nil where it was not. An error that is no ``RPCError`` has the reason `UNEXPECTED`.
public func refusal(_ call: () async throws -> Void) async -> RPCError? {
    do {
        try await call()
        return nil
    } catch let error as RPCError {
        return error
    } catch {
        return RPCError(.unknown, "UNEXPECTED", "\(error)")
    }
}

/// `OK`, or the reason of the refusal.
public func outcome(_ call: () async throws -> Void) async -> String {
    await refusal(call)?.reason ?? "OK"
}

/// How often each outcome came of calls made at the same time.
public func outcomes(of count: Int, _ call: @escaping @Sendable (Int) async throws -> Void) async -> [String: Int] {
    await withTaskGroup(of: String.self) { group in
        for index in 0..<count {
            group.addTask { await outcome { try await call(index) } }
        }
        return await group.reduce(into: [:]) { $0[$1, default: 0] += 1 }
    }
}
