import CCurl

/// libcurl, opened where mail is sent and not before: no other process of the hospital has to carry it.
struct MailLibrary: @unchecked Sendable {
    // Sendable because its functions are found once and never change.
    let functions: curl_library

    /// Nil where the system has no libcurl.
    static let opened: MailLibrary? = {
        var functions = curl_library()
        return curl_open(&functions) ? MailLibrary(functions: functions) : nil
    }()
}
