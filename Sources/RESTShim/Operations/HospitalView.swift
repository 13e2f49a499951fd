import Contracts
import MetricsRegistry
import RPC
import ServiceKit

/// Asks every process of the hospital what it remembers, in the name of who wants to know.
struct HospitalView: Sendable {
    /// Each process that is known by an address of its own, and the service that it is.
    let processes: [(service: String, channel: any RPCChannel)]
    /// What this process remembers itself.
    let recorder: SpanRecorder
    let metrics: Metrics

    /// Spans of one request at most.
    private static let mostSpans = 2_000
    private static let mostOfProcess: Int32 = 1_000

    /// What all know of one request, the earliest first.
    struct Picture: Sendable {
        var spans: [SpanRecord]
        /// Services of which a process did not answer.
        let silent: [String]

        var traceIDs: [String] { Set(spans.map(\.traceID)).sorted() }
    }

    /// What this process knows comes first: it saw the request arrive, and so knows its trace, by which the others find it.
    func picture(of correlationID: String, for request: OperatorRequest) async -> Picture {
        let own = recorder.spans(of: correlationID, [], Int(Self.mostOfProcess)).map { SpanRecord($0, of: recorder.service) }
        let first = await ask(correlationID, Set(own.map(\.traceID)), request)
        var picture = Picture(spans: own + first.spans, silent: first.silent)
        // What one process has found by the correlation id, others may know by the trace only.
        let found = Set(picture.traceIDs).subtracting(own.map(\.traceID)).subtracting([correlationID])
        if !found.isEmpty { picture.spans += await ask(correlationID, found, request).spans }
        var known: Set<String> = []
        picture.spans = Array(
            picture.spans.filter { known.insert("\($0.service)/\($0.spanID)").inserted }.sorted { $0.startedAtNs < $1.startedAtNs }
                .prefix(Self.mostSpans))
        return picture
    }

    private func ask(_ correlationID: String, _ traceIDs: Set<String>, _ request: OperatorRequest) async -> Picture {
        let question = RecentSpansRequest(
            correlationID: correlationID, traceIds: Array(traceIDs.sorted().prefix(16)), limit: Self.mostOfProcess)
        let answers = await askAll { try await TraceServiceClient($0).recentSpans(question, request.options()) }
        return Picture(
            spans: answers.compactMap(\.answer).flatMap(\.spans), silent: answers.filter { $0.answer == nil }.map(\.service))
    }

    /// Requests that this process answered lately, as far as they left spans: the newest first.
    func requests(limit: Int) -> [TraceSpan] {
        Array(recorder.newest(.max).lazy.filter { $0.kind == .server }.prefix(limit))
    }

    /// What all processes have done since they started, and what waits in them.
    func overview(for request: OperatorRequest) async -> (processes: [OverviewResponse], silent: [String]) {
        let answers = await askAll { try await TraceServiceClient($0).overview(OverviewRequest(), request.options()) }
        let own = OverviewResponse(summing: await metrics.families(), of: recorder.service)
        return ([own] + answers.compactMap(\.answer), answers.filter { $0.answer == nil }.map(\.service))
    }

    /// Events that were given up, with the service in which they happened.
    func deadLetters(for request: OperatorRequest) async -> (letters: [(service: String, letter: DeadLetter)], silent: [String]) {
        let question = ListDeadLettersRequest(pageSize: 100)
        let answers = await askAll(oneOfEach: true) { try await DeadLetterServiceClient($0).listDeadLetters(question, request.options()) }
        let letters = answers.flatMap { answer in (answer.answer?.deadLetters ?? []).map { (service: answer.service, letter: $0) } }
        return (letters, answers.filter { $0.answer == nil }.map(\.service))
    }

    /// Nil for a service that is not configured.
    func channel(to service: String) -> (any RPCChannel)? {
        processes.first { $0.service == service }?.channel
    }

    /// In the order of the processes; nil where one did not answer.
    ///
    /// - Parameter oneOfEach: where replicas share what is asked for.
    private func askAll<Answer: Sendable>(
        oneOfEach: Bool = false, _ question: @escaping @Sendable (any RPCChannel) async throws -> Answer
    ) async -> [(service: String, answer: Answer?)] {
        var known: Set<String> = []
        let asked = processes.filter { known.insert($0.service).inserted || !oneOfEach }
        return await withTaskGroup(of: (Int, Answer?).self) { group in
            for (place, process) in asked.enumerated() {
                // Who does not answer, for whatever reason, is named as silent.
                group.addTask { (place, try? await question(process.channel)) }
            }
            var answers = asked.map { (service: $0.service, answer: Answer?.none) }
            for await (place, answer) in group { answers[place].answer = answer }
            return answers
        }
    }
}
