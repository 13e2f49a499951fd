import CCurl
import NotificationRules
import ServiceKit
import Synchronization

/// One mail on its way through libcurl, which calls back for its bytes on the thread that sends.
final class MailUpload: Sendable {
    private let mail: MailMessage
    private let library: MailLibrary
    private let rest: Mutex<ArraySlice<UInt8>>
    private let isCancelled = Atomic(false)

    private static let connectTimeoutMilliseconds = 10_000
    private static let timeoutMilliseconds = 30_000

    init(_ mail: MailMessage, over library: MailLibrary) {
        self.mail = mail
        self.library = library
        rest = Mutex(mail.bytes[...])
    }

    private var curl: curl_library { library.functions }

    /// Ends a sending that is under way, within about a second.
    func cancel() {
        isCancelled.store(true, ordering: .relaxed)
    }

    /// Sends the mail and waits for the server's word. Blocks the thread.
    func send(to server: SMTPConfiguration) -> Handover {
        guard let handle = curl.easy_init() else { return .failed("The mail client cannot start.") }
        defer { curl.easy_cleanup(handle) }
        let recipients = curl.slist_append(nil, mail.recipient.text)
        defer { curl.slist_free_all(recipients) }
        let context = Unmanaged.passUnretained(self).toOpaque()
        let results =
            options(for: server).map { $0.set(on: handle, curl) } + [
                curl_set_list(curl, handle, CURLOPT_MAIL_RCPT, recipients),
                curl_set_pointer(curl, handle, CURLOPT_READDATA, context),
                curl_set_reader(curl, handle) { buffer, size, count, context in MailUpload.read(buffer, size * count, context) },
                curl_set_pointer(curl, handle, CURLOPT_XFERINFODATA, context),
                curl_set_progress(curl, handle) { context, _, _, _, _ in MailUpload.of(context)?.progress ?? 1 },
            ]
        guard results.allSatisfy({ $0 == CURLE_OK }) else { return .failed("The mail client does not take its settings.") }
        let result = curl.easy_perform(handle)
        var reply = 0
        curl_response_code(curl, handle, &reply)
        return handover(result, reply: reply)
    }

    /// Whether the server's last reply was to a command about the mail, and not to the connection or its greeting.
    private func isAboutMail(_ result: CURLcode) -> Bool {
        result == CURLE_SEND_ERROR || rest.withLock(\.isEmpty)
    }

    private func options(for server: SMTPConfiguration) -> [CurlOption] {
        var options: [CurlOption] = [
            .text(CURLOPT_URL, server.url), .text(CURLOPT_PROTOCOLS_STR, "smtp,smtps"), .text(CURLOPT_PROXY, ""),
            .text(CURLOPT_MAIL_FROM, mail.sender.text), .number(CURLOPT_UPLOAD, 1), .number(CURLOPT_NOSIGNAL, 1),
            .number(CURLOPT_USE_SSL, Int((server.isPlain ? CURLUSESSL_NONE : CURLUSESSL_ALL).rawValue)),
            .number(CURLOPT_SSL_VERIFYPEER, 1), .number(CURLOPT_SSL_VERIFYHOST, 2), .number(CURLOPT_NOPROGRESS, 0),
            .number(CURLOPT_CONNECTTIMEOUT_MS, Self.connectTimeoutMilliseconds), .number(CURLOPT_TIMEOUT_MS, Self.timeoutMilliseconds),
        ]
        if let authorities = server.authoritiesFile { options.append(.text(CURLOPT_CAINFO, authorities)) }
        if !server.user.isEmpty { options += [.text(CURLOPT_USERNAME, server.user), .text(CURLOPT_PASSWORD, server.password)] }
        return options
    }
}

// MARK: - What libcurl calls

extension MailUpload {
    private static func of(_ context: UnsafeMutableRawPointer?) -> MailUpload? {
        context.map { Unmanaged<MailUpload>.fromOpaque($0).takeUnretainedValue() }
    }

    private static func read(_ buffer: UnsafeMutablePointer<CChar>?, _ room: Int, _ context: UnsafeMutableRawPointer?) -> Int {
        guard let upload = of(context), let buffer else { return 0 }
        return upload.rest.withLock { rest in
            let part = rest.prefix(room)
            UnsafeMutableRawBufferPointer(start: buffer, count: room).copyBytes(from: part)
            rest = rest.dropFirst(part.count)
            return part.count
        }
    }

    /// Anything but 0 ends the sending.
    private var progress: Int32 { isCancelled.load(ordering: .relaxed) ? 1 : 0 }
}

/// One option of libcurl with its value.
private enum CurlOption {
    case text(CURLoption, String)
    case number(CURLoption, Int)

    func set(on handle: UnsafeMutableRawPointer, _ curl: curl_library) -> CURLcode {
        switch self {
        case .text(let option, let value): curl_set_text(curl, handle, option, value)
        case .number(let option, let value): curl_set_number(curl, handle, option, value)
        }
    }
}

// MARK: - What came of it

extension MailUpload {
    /// What a mail server's last reply means: 5yz to a command about the mail itself is for good (RFC 5321, 4.2.1), but for
    /// 530 to 538, which ask for a login (RFC 4954, 6). Everything else may be mended: 4yz, a server that is closed to us, a
    /// wrong password, an expired certificate.
    private func handover(_ result: CURLcode, reply: Int) -> Handover {
        switch result {
        case CURLE_OK:
            return .accepted
        case CURLE_LOGIN_DENIED:
            return .failed("The mail server denies the login.")
        case CURLE_PEER_FAILED_VERIFICATION:
            return .failed("The mail server's certificate is not trusted.")
        case CURLE_SSL_CACERT_BADFILE:
            return .failed("The file of authorities cannot be read.")
        case CURLE_USE_SSL_FAILED, CURLE_SSL_CONNECT_ERROR:
            return .failed("The mail server offers no TLS.")
        case CURLE_OPERATION_TIMEDOUT:
            return .failed("The mail server did not answer in time.")
        case CURLE_COULDNT_CONNECT, CURLE_COULDNT_RESOLVE_HOST:
            return .failed("The mail server cannot be reached.")
        case CURLE_ABORTED_BY_CALLBACK:
            return .failed("The service was stopped meanwhile.")
        default:
            let sentence =
                reply >= 400
                ? "The mail server answered \(reply)."
                : "\(curl.easy_strerror(result).map { String(cString: $0) } ?? "The mail client failed")."
            let isForGood = (500...599).contains(reply) && !(530...538).contains(reply)
            return isAboutMail(result) && isForGood ? .refused(sentence) : .failed(sentence)
        }
    }
}
