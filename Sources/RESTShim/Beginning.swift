import RPC

/// How far a request came before something had to be waited for.
enum Beginning {
    case answered(HTTPResponse)
    /// A service has been asked. Its answer may be there already.
    case passedOn(BegunCall)
    /// Nothing is done but to decide by the header, where that could be: ``RESTResponder/respond(to:admitted:)`` does the rest.
    case waits(AdmittedRequest?)
}
