"""The self-test of the first page: what the chapters take for granted, in the order in which they need it."""

from helpers.pages.questions import choice, number

slope = number(
    "What is the slope of $x^3$ at $x = 2$?",
    answer=12,
    wrong={
        8: "That is the value of $x^3$; the slope says how fast it grows.",
        6: "You multiplied 3 by 2; the 2 is squared first.",
        4: "That is $x^2$; the exponent comes down as a factor.",
    },
    because="The derivative is $3 x^2$, and $3 \\cdot 4 = 12$.",
)


partial = number(
    "$f(x, y) = x^2 y$. What is $\\partial f / \\partial x$ at $x = 3$, $y = 5$?",
    answer=30,
    wrong={
        9: "That is the derivative with respect to $y$.",
        45: "That is the value of $f$.",
        6: "The factor $y$ stays: it is a constant here.",
        39: "You added both partial derivatives; only $x$ moves.",
    },
    because="With $y$ held fixed the derivative is $2 x y = 2 \\cdot 3 \\cdot 5$.",
)


chain = number(
    "$z$ grows 3 times as fast as $y$, and $y$ grows 5 times as fast as $x$. "
    "How many times as fast as $x$ does $z$ grow?",
    answer=15,
    wrong={
        8: "Rates along a chain are multiplied, not added.",
        0.6: "You divided; a step of $x$ is made larger twice.",
        3: "That is from $y$ to $z$; before it comes the way from $x$ to $y$.",
        5: "That is from $x$ to $y$; the way from $y$ to $z$ is missing.",
    },
    because="A step of 1 in $x$ is one of 5 in $y$, and each of these is 3 in $z$.",
)


shape = choice(
    "$A$ has 5 rows and 3 columns, $B$ has 3 rows and 2 columns. Which shape has $A B$?",
    right="5 rows and 2 columns",
    wrong={
        "3 rows and 3 columns": "The inner sizes must agree; they are summed over and disappear.",
        "2 rows and 5 columns": "That is the transpose of the product.",
        "There is no such product.": "There is: each row of $A$ is as long as each column of $B$.",
    },
    because="Rows come from the first factor, columns from the second.",
)


product = number(
    "The matrix with the rows $(1, 2)$ and $(3, 4)$ is multiplied by the column $(5, 6)$. "
    "What is the first entry of the result?",
    answer=17,
    wrong={
        23: "You took the first column of the matrix; it is the first row that meets the vector.",
        5: "The products of the row and the column are added: one is missing.",
        39: "That is the second entry.",
        12: "That is the second product alone; add the first.",
    },
    because="First row times column: $1 \\cdot 5 + 2 \\cdot 6$.",
)


logarithm = choice(
    "What is $\\log(a b)$, for positive $a$ and $b$?",
    right="The sum $\\log a + \\log b$",
    wrong={
        "The product $\\log a \\cdot \\log b$": "Take $b = 1$: the logarithm of 1 is 0, and so would be the product.",
        "The logarithm of the sum, $\\log (a + b)$": "The other way round: a product inside becomes a sum outside.",
        "The multiple $b \\log a$": "That is the logarithm of $a^b$.",
    },
    because="Logarithms turn products into sums; that is why a likelihood becomes a sum over samples.",
)


python_class = choice(
    "In Python, class Twice has one method, def of(self, x): return 2 * x. How do you double 5?",
    right="Twice().of(5)",
    wrong={
        "Twice.of(5)": "Nobody has made an object yet: 5 would be taken for self, and x would be missing.",
        "Twice(5)": "That hands 5 to the constructor, which this class does not have.",
        "of(Twice, 5)": "A method is called on its object, with a dot.",
    },
    because="Twice() makes an object; Python hands it to the method as self.",
)


mask = choice(
    "In NumPy, a = np.array([-1, 2, 3]). What is a * (a > 0)?",
    right="array([0, 2, 3])",
    wrong={
        "array([2, 3])": "That is a[a > 0], which picks; multiplication keeps the length.",
        "array([-1, 2, 3])": "a > 0 is False at the first entry, and False counts as 0.",
        "an error": "NumPy multiplies by truth values: True counts as 1, False as 0.",
    },
    because="The mask is False, True, True, which counts as 0, 1, 1.",
)
