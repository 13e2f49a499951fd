import Foundation
import HMSTestKit
import RPC
import ServiceKit
import Testing

/// The plan of every statement of every service, as `make plans` has written it and people have judged it.
///
/// SQLite plans by the schema and the text alone where it has no statistics, and nothing in production makes any: a plan is
/// the same at every size.
@Suite(.enabled(if: TestHospital.isOnSQLite, "PostgreSQL has its own plans"), .serialized, .timeLimit(.minutes(10)))
struct PlanTests {
    @Test func `every statement has the plan that was judged`() async throws {
        let plans = try await PlanBooks.record()
        #expect(plans.keys.sorted() == PlanBooks.names)
        for (book, text) in plans {
            if ProcessInfo.processInfo.environment["HMS_WRITE_PLANS"] != nil { try PlanBooks.write(text, book) }
            let judged = try PlanBooks.judged(book)
            let changed = Set(text.split(separator: "\n")).symmetricDifference(judged.split(separator: "\n"))
            #expect(text == judged, "plans of \(book) have changed; look at what `make plans` makes of them: \(changed.sorted())")
        }
    }

    @Test func `no statement reads a whole table or sorts what it finds, but those of which it is known why`() throws {
        var met: Set<String> = []
        for book in PlanBooks.names {
            for (statement, steps) in try PlanBooks.statements(book) {
                for step in steps where step.hasPrefix("SCAN") && !Judgement.singleRows.contains(step) || step.hasPrefix("USE TEMP B-TREE")
                {
                    let known = Judgement.known.filter { statement.contains($0.statement) && step.hasPrefix($0.step) }
                    #expect(!known.isEmpty, "\(book): \(step) of \(statement)")
                    met.formUnion(known.map { $0.statement + $0.step })
                }
            }
        }
        #expect(met == Set(Judgement.known.map { $0.statement + $0.step }), "what is known is met")
    }

    /// A statement without a plan would be one that nobody has judged.
    @Test func `every statement in the sources of the services and of storage has a plan`() throws {
        let judged = try PlanBooks.names.reduce(into: [:]) { $0[$1] = try PlanBooks.statements($1).map(\.statement) }
        let statements = try SourceStatement.all()
        #expect(statements.count > 100)
        for statement in statements {
            for book in statement.books {
                let hasPlan = judged[book]?.contains(where: statement.isPart) ?? false
                #expect(hasPlan, "\(book): \(statement.file): \(statement.segments.joined(separator: "…"))")
            }
        }
    }
}
