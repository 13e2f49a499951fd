import Foundation
import ServiceKit
import Testing

@Suite(.timeLimit(.minutes(1))) struct StartProgressTests {
    @Test(arguments: [(StartPhase.ready, "ready"), (.failed(reason: "no room"), "failed no room")])
    func `whoever listens to a start hears how it ends, and then that nothing comes any more`(end: StartPhase, line: String) throws {
        let pipe = Pipe()
        let number = dup(pipe.fileHandleForWriting.fileDescriptor)
        try pipe.fileHandleForWriting.close()
        let progress = StartProgress(try InheritedDescriptors(environment: [InheritedDescriptors.variable: "progress=\(number)"]))
        progress.tell(.migrating(step: 1, of: 2))
        progress.tell(end)
        progress.tell(.migrating(step: 2, of: 2))
        let heard = try #require(try pipe.fileHandleForReading.readToEnd())
        #expect(String(decoding: heard, as: UTF8.self) == "migrating 1 2\n\(line)\n")
        #expect(fcntl(number, F_GETFD) == FD_CLOEXEC)
        close(number)
    }
}
