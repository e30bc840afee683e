package com.smashcost.matrix;

import com.smashcost.installation.Customer;

/** LangChain4j as a client of Anthropic. */
class LangChainAnthropicIT extends JavaCells {

    @Override
    Client client(Customer customer) {
        return LangChain.of(Wire.MESSAGES, customer);
    }
}
