/** The generated client names this type of the DOM, which Node's types spell out only where they use it. */
type BodyInit = NonNullable<RequestInit['body']>;
