const { greet } = require('shared-lib');

exports.handler = async (event) => greet(event);
