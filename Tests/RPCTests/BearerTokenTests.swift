import RPC
import Testing

@Suite(.timeLimit(.minutes(10))) struct BearerTokenTests {
    @Test(arguments: [
        ("Bearer abc", "abc"), ("bearer abc", "abc"), ("BEARER  abc ", "abc"), (" Bearer abc", "abc"), ("Bearer\tabc", "abc"),
        ("Bearer a.b-c_d~e+f/g==", "a.b-c_d~e+f/g=="),
    ])
    func `a token is read, whatever the scheme's case and the spaces around it`(field: String, token: String) {
        #expect(BearerToken.read(from: field) == token)
        #expect(BearerToken.read(from: BearerToken.field(token)) == token)
    }

    @Test(arguments: [
        "", " ", "Bearer", "Bearer ", "abc", "Basic abc", "Bearerabc", "Bearer a b", "Bearer a, Bearer b", "Bearer a,b", "Bearer =",
        "Bearer a=b", "Bearer \"a\"", "Bearer é", "Bearer a\u{0}", "Bearer a\r\nX: y", "Bearеr a", "Bearer Bearer a",
    ])
    func `what is not one bearer token is none`(field: String) {
        #expect(BearerToken.read(from: field) == nil)
    }
}
