import RPC
import Testing

@testable import ServiceKit

struct AccessReasonFieldTests {
    @Test(arguments: [
        ("Brought in unconscious", "Brought in unconscious"), ("Bewußtlos", "Bewußtlos"), ("UTF-8''Bewu%C3%9Ftlos", "Bewußtlos"),
        ("utf-8'de'bewu%c3%9ftlos", "bewußtlos"), ("UTF-8''two words, 'his' words", "two words, 'his' words"),
        ("UTF-8''%E0%A4%86%E0%A4%AA%E0%A4%BE%E0%A4%A4%E0%A4%95%E0%A4%BE%E0%A4%B2", "आपातकाल"), ("UTF-8''", ""),
        ("UTF-8''%55TF-8''x", "UTF-8''x"),
    ])
    func `a reason is read as it stands, or as RFC 8187 encodes it`(sent: String, meant: String) {
        #expect(Metadata(dictionaryLiteral: ("x-access-reason", sent)).accessReason == meant)
    }

    @Test(arguments: [
        "100% sure", "Bewu%C3%9Ftlos", "UTF-8''%", "UTF-8''%C", "UTF-8''%zz", "UTF-8''%C3", "UTF-8''%FF", "UTF-8'only one",
        "ISO-8859-1''Bewu%DFtlos", "it's 'so'",
    ])
    func `what is not encoded so is taken as it stands`(sent: String) {
        #expect(Metadata(dictionaryLiteral: ("x-access-reason", sent)).accessReason == sent)
    }

    @Test func `the longest reason fits encoded beside a token into what metadata holds`() {
        let longest = String(repeating: "𐀀", count: 500)
        let field = "UTF-8''" + longest.utf8.map { "%" + String($0, radix: 16, uppercase: true) }.joined()
        var metadata: Metadata = ["x-access-reason": field]
        metadata[MetadataName.authorization] = "Bearer " + String(repeating: "t", count: 1000)
        #expect(metadata.byteCount < RPCServerOptions().limits.maximumMetadataBytes)
        #expect(metadata.accessReason.flatMap(AccessReason.init)?.text == longest)
    }

    @Test func `nothing said is nothing`() {
        #expect(Metadata().accessReason == nil)
    }
}
