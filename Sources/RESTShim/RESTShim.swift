// RESTShim
