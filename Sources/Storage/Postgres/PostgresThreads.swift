/// Threads that wait for the server, each with a connection of its own.
typealias PostgresThreads = WorkThreads<PostgresWork>

extension WorkThreads where Work == PostgresWork {
    convenience init(_ name: String, most: Int, bound: Int, makeWorker: @escaping @Sendable () -> PostgresWorker) {
        self.init(name, most: most, bound: bound) { queue in queue.serve(with: makeWorker()) }
    }
}

/// A connection that nobody has used for so long is given back.
private let idleTime = Duration.seconds(60)

extension WorkQueue where Work == PostgresWork {
    fileprivate func serve(with worker: PostgresWorker) {
        defer { worker.disconnect() }
        while true {
            guard let taken = next(1, within: idleTime) else {
                worker.disconnect()
                continue
            }
            guard let work = taken.first else { return }
            if work.start() { work.perform(with: worker) }
        }
    }
}
