package com.smashcost.matrix;

import com.smashcost.installation.Customer;

/** Anthropic's client for Java. */
class AnthropicJavaIT extends JavaCells {

    @Override
    Client client(Customer customer) {
        return AnthropicJava.of(customer);
    }
}
