import ServiceKit
import Testing

@Suite(.timeLimit(.minutes(10))) struct StopRequestTests {
    @Test func `whoever waits is told once, and who comes later at once`() async {
        let stop = StopRequest()
        let early = Task { [moments = stop.moments] in await moments.reduce(0) { count, _ in count + 1 } }
        #expect(!stop.isRequested)
        stop.request()
        stop.request()
        #expect(await early.value == 1)
        #expect(stop.isRequested)
        #expect(await stop.moments.reduce(0) { count, _ in count + 1 } == 1)
    }

    @Test func `work that is done before counts`() async throws {
        #expect(try await StopRequest().cancelling { 7 } == 7)
    }

    @Test func `work that goes on is cancelled`() async {
        let stop = StopRequest()
        let work = Task { try await stop.cancelling { try await Task.sleep(for: .seconds(600)) } }
        stop.request()
        await #expect(throws: CancellationError.self) { try await work.value }
    }
}
