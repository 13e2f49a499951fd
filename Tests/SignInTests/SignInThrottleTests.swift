import Testing

@testable import SignIn

/// How often a wrong password may be tried.
@Suite struct SignInThrottleTests {
    private let start = ContinuousClock.now

    private func rules(_ change: (inout ThrottleRules) -> Void = { _ in }) -> ThrottleRules {
        var rules = ThrottleRules()
        change(&rules)
        return rules
    }

    @Test func `the fifth wrong password costs half a minute, the next ones twice as much each, a quarter of an hour at most`() {
        let throttle = SignInThrottle()
        for _ in 0..<5 { #expect(throttle.wait(of: "asha", from: "a", at: start) == nil) }
        var now = start
        for seconds in [30, 60, 120, 240, 480, 900, 900] {
            #expect(throttle.wait(of: "asha", from: "a", at: now) == .seconds(seconds))
            #expect(throttle.wait(of: "asha", from: "a", at: now + .seconds(seconds) - .milliseconds(1)) == .milliseconds(1))
            now += .seconds(seconds)
            #expect(throttle.wait(of: "asha", from: "a", at: now) == nil)
        }
    }

    @Test func `who waits is the one who has tried: the same name comes in from elsewhere`() {
        let throttle = SignInThrottle()
        for _ in 0..<5 { _ = throttle.wait(of: "asha", from: "a", at: start) }
        #expect(throttle.wait(of: "asha", from: "a", at: start) != nil)
        #expect(throttle.wait(of: "asha", from: "b", at: start) == nil)
        #expect(throttle.wait(of: "ravi", from: "a", at: start) == nil)
    }

    @Test func `a name that is tried from many addresses waits everywhere`() {
        let throttle = SignInThrottle()
        for address in 0..<20 { #expect(throttle.wait(of: "asha", from: "\(address)", at: start) == nil) }
        #expect(throttle.wait(of: "asha", from: "new", at: start) == .seconds(30))
        #expect(throttle.wait(of: "ravi", from: "new", at: start) == nil)
    }

    @Test func `an address that tries many names waits for all of them`() {
        let throttle = SignInThrottle()
        for name in 0..<50 { #expect(throttle.wait(of: "\(name)", from: "a", at: start) == nil) }
        #expect(throttle.wait(of: "another", from: "a", at: start) == .seconds(30))
        #expect(throttle.wait(of: "another", from: "b", at: start) == nil)
    }

    @Test func `the right password takes the failures back, but not those that others had from the same address`() {
        let throttle = SignInThrottle(rules { $0.ofAddress = 6 })
        for _ in 0..<4 { _ = throttle.wait(of: "asha", from: "a", at: start) }
        throttle.succeeded("asha", from: "a")
        for _ in 0..<3 { #expect(throttle.wait(of: "asha", from: "a", at: start) == nil) }
        #expect(throttle.wait(of: "ravi", from: "a", at: start) == .seconds(30))
    }

    @Test func `failures are forgotten an hour after the last`() {
        let throttle = SignInThrottle()
        for _ in 0..<4 { _ = throttle.wait(of: "asha", from: "a", at: start) }
        let later = start + .seconds(3_601)
        for _ in 0..<5 { #expect(throttle.wait(of: "asha", from: "a", at: later) == nil) }
        #expect(throttle.wait(of: "asha", from: "a", at: later) != nil)
    }

    @Test func `a flood of names fills no memory`() {
        let throttle = SignInThrottle(rules { $0.capacity = 90 })
        for name in 0..<1_000 { _ = throttle.wait(of: "\(name)", from: "\(name)", at: start + .milliseconds(name)) }
        #expect(throttle.count <= 93)
    }
}
