import CLibPQ

extension PostgresConnection {
    /// Becomes readable when the server has something to say.
    var socket: Int32 { pq.functions.socket(handle) }

    /// What those who listen have been told since this was asked last; nobody is waited for.
    ///
    /// - Throws: ``PostgresFailure/lost`` where the connection has broken.
    func takeNotifications() throws -> [String] {
        guard pq.functions.consumeInput(handle) == 1 else { throw broken() }
        var all: [String] = []
        while let told = pq.functions.notifies(handle) {
            all.append(String(cString: told.pointee.extra))
            pq.functions.freemem(told)
        }
        return all
    }
}
